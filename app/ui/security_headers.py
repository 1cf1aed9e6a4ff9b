"""Headers that keep a page to itself: only our own scripts and styles, no frame around it, nothing kept."""

from secrets import token_urlsafe

from flask import Flask, Response, g, request

# No 'unsafe-inline' and no 'unsafe-eval': templates carry no inline style or script, htmx evaluates nothing.
# `data:` images are the small drawings (tick, arrow) inside Bootstrap's style sheet and our own QR codes.
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A shared desk: the next person must not find a page with the back button. Static files say otherwise.
    "Cache-Control": "no-store",
}


def init_app(app: Flask) -> None:
    """Send the headers with every answer; an answer that already has one (a stricter policy) keeps it."""
    app.add_template_global(csp_nonce)
    app.after_request(_add_headers)


def csp_nonce() -> str:
    """The nonce of this request's policy, for a <script> element of our own."""
    if "csp_nonce" not in g:
        g.csp_nonce = token_urlsafe(16)
    return str(g.csp_nonce)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
