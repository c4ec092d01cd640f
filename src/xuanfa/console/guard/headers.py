"""What an answer allows the browser to do with it."""

from typing import Final

#: Of pages: nothing but what we serve ourselves; no inline script or style; in no frame of others.
PAGE: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
#: Of renditions in a frame of ours: styles stand in them, and nothing runs.
FRAME: Final = {
    **PAGE,
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-same-origin"
    ),
}
#: Of what somebody has uploaded.
UPLOAD: Final = {**PAGE, "Content-Security-Policy": "default-src 'none'; sandbox"}
#: Behind TLS besides: two years.
TLS: Final = {"Strict-Transport-Security": "max-age=63072000"}
