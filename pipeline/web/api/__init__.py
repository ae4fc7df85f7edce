"""The API ``/api/v1``: handlers that parse, call a service and answer JSON, with its document and its errors."""
