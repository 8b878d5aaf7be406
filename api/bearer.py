"""Whether a request shows the operator's token."""

from hmac import compare_digest

from starlette.exceptions import HTTPException
from starlette.requests import Request

_BEARER = "Bearer "


def require_token(request: Request, token: str | None) -> None:
    """404 where there is none, so that nothing is open to everybody by neglect; 401 for another, or none shown."""
    if not token:
        raise HTTPException(404, "the operator's requests are closed: set admin_token, which `hobnob init` makes")
    shown = request.headers.get("authorization", "")
    if not compare_digest(shown.encode("utf-8", "replace"), f"{_BEARER}{token}".encode()):
        raise HTTPException(401, "wants `Authorization: Bearer` and the admin token", {"WWW-Authenticate": "Bearer"})
