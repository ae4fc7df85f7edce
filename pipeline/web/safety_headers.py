"""Security headers, on every answer: nothing of another site acts in our pages, and our pages in no other site."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for what does not know frame-ancestors
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_KEPT = "public, max-age=31536000, immutable"  # its address changes with its bytes
_HSTS = "max-age=31536000"


def set_safety(headers: MutableHeaders, *, secure: bool, kept: bool) -> None:
    """Put them into an answer; one that does not say how long it may be kept is kept by nobody, unless ``kept``."""
    for name, value in _ALWAYS.items():
        headers[name] = value
    if secure:
        headers["Strict-Transport-Security"] = _HSTS
    if kept:
        headers["Cache-Control"] = _KEPT
    elif "cache-control" not in headers:
        headers["Cache-Control"] = "no-store"
