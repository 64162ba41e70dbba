"""The security headers that every answer carries, static files and errors included."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
PRIVATE = {"cache-control": "no-store, private"}


def to_add(present: set[str], *, secure: bool) -> dict[str, str]:
    """Headers an answer still lacks; one that it set itself (a download's own policy) stays."""
    wanted = {**ALWAYS, **PRIVATE, **(HSTS if secure else {})}
    return {name: value for name, value in wanted.items() if name not in present}
