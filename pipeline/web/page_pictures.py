"""Pictures of pages: a browser keeps them, and asks each time whether they are still that, and still for who looks.

The address of a page stays when its packet or its letter is made again, and when somebody else signs in: what was
kept is shown only once the server has said so.
"""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import FileResponse
from starlette.responses import Response

from pipeline.web.api.api_doors import content_hash, has_it
from pipeline.web.visits import Visit


def picture(visit: Visit, file: Path) -> Response:
    """A picture of a page, or 304 for the browser that has it as it is now."""
    headers = {"Cache-Control": "private, no-cache", "ETag": f'"{content_hash(file)}"'}
    if has_it(visit.request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return FileResponse(file, media_type="image/png", headers=headers)
