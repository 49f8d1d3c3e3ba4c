"""Why a merchant may not have done with a webhook endpoint what was asked for."""

from gateway.domain.errors import Kind, Refusal


class TooManyEndpoints(Refusal):
    """There are as many webhook endpoints as there may be. Please delete one first."""

    code = "too_many_webhook_endpoints"


class EndpointDisabled(Refusal):
    """This webhook endpoint is disabled. Please enable it first."""

    code = "webhook_endpoint_disabled"
    kind = Kind.CONFLICT


class TooManyMessages(Refusal):
    """These are too many events at once. Please choose a shorter time."""

    code = "too_many_messages"
