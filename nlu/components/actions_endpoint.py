"""Rasa's way to our actions, with a limit, and with failures that end the turn."""

from __future__ import annotations

from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

REJECTED = 400
"""The status with which an action declines to run (ActionExecutionRejected): no failure."""


class ActionFailed(BaseException):
    """An action could not be asked or did not answer properly; the turn is given up.

    Not an Exception: Rasa catches those, goes on with the rule and would let the assistant say that something
    was done. Given up, the turn leaves the tracker as it was before it.
    """


class LimitedEndpoint(EndpointConfig):
    """The same endpoint, answering within `limit_seconds` or raising ActionFailed."""

    def __init__(self, endpoint: EndpointConfig, limit_seconds: float) -> None:
        super().__init__(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )
        self.limit_seconds = limit_seconds

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = aiohttp.ClientTimeout(total=self.limit_seconds)
        try:
            answer = await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == REJECTED:
                raise
            raise ActionFailed(str(error.status)) from None
        except Exception as error:
            raise ActionFailed(type(error).__name__) from None
        if not isinstance(answer, dict):
            raise ActionFailed("no JSON object")
        return answer


def check_answers_quickly() -> None:
    """Let Rasa compile the schema of an action's answer once: it did so for every answer, most of a turn's time."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def validate(_: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate
