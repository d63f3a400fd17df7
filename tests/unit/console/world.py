"""A console on a hotline of the test's own, asked as a browser asks, without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from console.app import make_console
from console.entrance import Door
from hotline import people, sign_in
from hotline.people import Operator, OperatorStatus, Role
from hotline.ports import Services

PASSWORD = "护理站的钥匙在抽屉里"


@dataclass
class QuickPasswords:
    """As slow as a test may be."""

    async def hashed(self, password: str) -> str:
        return f"hash of {password}"

    async def fits(self, password: str, password_hash: str | None) -> bool:
        return password_hash == f"hash of {password}"


@dataclass
class Browser:
    """Keeps its cookies and brings the token of the page it saw last, as htmx does."""

    client: httpx.AsyncClient
    token: str = ""
    pages: list[str] = field(default_factory=list)

    async def see(self, path: str, status: int = 200) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
        if '"X-CSRF-Token": "' in answer.text:
            self.token = answer.text.split('"X-CSRF-Token": "')[1].split('"')[0]
        return answer.text

    async def do(self, path: str, status: int = 200, **fields: str) -> httpx.Response:
        headers = {"X-CSRF-Token": self.token, "HX-Request": "true"}
        answer = await self.client.post(path, data=fields, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:300])
        return answer

    async def enter(self, name: str, password: str = PASSWORD) -> httpx.Response:
        answer = await self.client.post("/sign-in", data={"name": name, "password": password})
        if answer.status_code == 303:
            await self.see("/")
        return answer


@asynccontextmanager
async def browser(services: Services, *, plain_http: bool = False) -> AsyncIterator[Browser]:
    app = make_console(Door(services, QuickPasswords(), plain_http))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://console.test") as client:
        yield Browser(client)


async def employ(services: Services, name: str, role: Role = Role.OPERATOR) -> Operator:
    """An operator with the password of these tests."""
    operator = await people.add_operator(people.new_operator(name, role, OperatorStatus.READY), services)
    await sign_in.set_password(operator.operator_id, PASSWORD, QuickPasswords(), services)
    return operator
