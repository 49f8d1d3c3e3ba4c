"""The ways Google Wallet says no, in the words and shape of its answers."""

from collections.abc import Mapping
from typing import Any


class ApiRefusal(Exception):
    """An answer other than 200."""

    def __init__(
        self, status: int, reason: str, message: str, *, domain: str = "walletobjects"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: Mapping[str, Any] = {
            "error": {
                "code": status,
                "message": message,
                "errors": [{"message": message, "domain": domain, "reason": reason}],
            }
        }


def invalid(message: str) -> ApiRefusal:
    """Say 400: the same request would be refused again."""
    return ApiRefusal(400, "invalidResource", message)


def not_found(resource_id: str) -> ApiRefusal:
    """Say 404."""
    return ApiRefusal(404, "resourceNotFound", f"The requested resource {resource_id} not found.")


def exists(resource_id: str) -> ApiRefusal:
    """Say 409."""
    return ApiRefusal(
        409, "existingResource", f"An existing resource was found with id {resource_id}."
    )


def permission_denied() -> ApiRefusal:
    """Say 403: the service account is no user of the issuer."""
    return ApiRefusal(403, "permissionDenied", "Permission denied.")


def quota_exceeded(what: str, resource_id: str) -> ApiRefusal:
    """Say 403: three notifications in 24 hours were all; not 429, and not worth a retry.

    The words are those of an answer somebody published.
    """
    issuer_id = resource_id.partition(".")[0]
    message = f"Quota exceeded for issuer ({issuer_id}) when {what} {resource_id}."
    return ApiRefusal(403, "quotaExceeded", message)


def rate_exceeded() -> ApiRefusal:
    """Say 429: more than 20 requests in a second."""
    return ApiRefusal(429, "rateLimitExceeded", "Rate limit exceeded.", domain="usageLimits")


def unauthorized() -> ApiRefusal:
    """Say 401: no token, an unknown or an old one."""
    return ApiRefusal(401, "authError", "Invalid Credentials", domain="global")
