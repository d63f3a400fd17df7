"""The line's own small HTTP service, for the other processes of this installation: ring an operator; are you well?"""

import logging
import secrets
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse

from hotline.escalation import Escalation
from hotline.people import Operator
from hotline.ports import Dialler
from hotline.records import from_record

log = logging.getLogger(__name__)


def make_control(dialler: Dialler, token: str) -> FastAPI:
    """The app: POST /ring/operator with the token, GET /health for anybody. Answers carry states, no words."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/ring/operator")
    async def ring(request: Request, authorization: Annotated[str, Header()] = "") -> JSONResponse:
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            return JSONResponse({"error": "the token of the line is needed"}, 401)
        try:
            operator, escalation = _asked(await request.json())
        except (ValueError, KeyError, TypeError, AttributeError):
            return JSONResponse({"error": "an operator and an escalation are needed"}, 400)
        delivery = await dialler.ring_operator(operator, escalation)
        return JSONResponse({"state": delivery.state, "detail": delivery.detail})

    return app


def _asked(body: dict[str, Any]) -> tuple[Operator, Escalation]:
    return from_record(Operator, body["operator"]), from_record(Escalation, body["escalation"])
