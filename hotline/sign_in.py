"""登录: operators prove who they are by name and password; a browser then holds a secret that we know the hash of."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from hotline.credentials import SHIFT_SECONDS, Credential, SignIn, count_failure, is_over
from hotline.errors import NotAllowed, StoreUnavailable, WeakPassword
from hotline.people import Operator, find_operator
from hotline.ports import Passwords, Services, UnitOfWork

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
"""Characters."""
SEEN_EVERY_SECONDS = 60.0


@dataclass(frozen=True)
class Present:
    """Who is behind a request."""

    operator: Operator
    sign_in: SignIn


async def set_password(operator_id: str, password: str, passwords: Passwords, services: Services) -> None:
    """Give an operator a password; it unlocks him, and ends every browser's sign-in. Raises NotFound, WeakPassword."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or len(set(password)) < SHORTEST_PASSWORD // 2:
        raise WeakPassword
    password_hash = await passwords.hashed(password)
    async with services.unit_of_work() as uow:
        await uow.operators.require(operator_id)
        known = await uow.credentials.get(operator_id)
        if known is None:
            uow.credentials.add(Credential(operator_id, password_hash, services.clock.now()))
        else:
            known.password_hash, known.changed_at = password_hash, services.clock.now()
            known.failures, known.locked_until = 0, None
        await uow.sign_ins.end_of(operator_id)
        await uow.commit()


async def change_password(operator_id: str, old: str, new: str, passwords: Passwords, services: Services) -> None:
    """An operator changes his own, by the old one; every browser has to sign in again, his too.

    Raises NotAllowed when the old one is wrong, or too many were tried, and WeakPassword.
    """
    credential = await _begin_try(operator_id, services)
    fits = await passwords.fits(old[:LONGEST_PASSWORD], credential.password_hash if credential else None)
    if credential is None or not fits:
        raise NotAllowed
    await set_password(operator_id, new, passwords, services)


async def sign_in(name: str, password: str, passwords: Passwords, services: Services) -> tuple[str, SignIn]:
    """The secret for the browser, and what is kept of it. Raises NotAllowed, alike for an unknown name, a wrong
    password and a locked one, and after the same work.
    """
    credential = await _begin_try(name, services)
    fits = await passwords.fits(password[:LONGEST_PASSWORD], credential.password_hash if credential else None)
    if credential is None or not fits:
        raise NotAllowed
    now, secret = services.clock.now(), secrets.token_urlsafe(32)
    fresh = SignIn(_fingerprint(secret), credential.operator_id, secrets.token_urlsafe(32), now, now)
    async with services.unit_of_work() as uow:
        stored = await uow.credentials.require(credential.operator_id)
        if stored.password_hash != credential.password_hash:
            raise NotAllowed  # changed in between
        stored.failures, stored.locked_until = 0, None
        await uow.sign_ins.end_older(now - timedelta(seconds=SHIFT_SECONDS))
        uow.sign_ins.add(fresh)
        await uow.commit()
    return secret, fresh


async def _begin_try(name: str, services: Services) -> Credential | None:
    """The credential to try against, None for an unknown name or a locked one. A try counts as failed until it has
    succeeded, so that many at once gain nothing.
    """
    now = services.clock.now()
    async with services.unit_of_work() as uow:
        operator = await find_operator(name, uow)
        credential = await uow.credentials.get(operator.operator_id) if operator else None
        if credential is None or (credential.locked_until is not None and now < credential.locked_until):
            return None
        count_failure(credential, now)
        await uow.commit()
        return credential


async def who(secret: str, services: Services) -> Present | None:
    """Whose browser this is; None when it is nobody's, or its time is over."""
    async with services.reading() as uow:
        present = await _present(_fingerprint(secret), services, uow)
    if present is not None:
        await _seen(present.sign_in, services)
    return present


async def _present(sign_in_id: str, services: Services, uow: UnitOfWork) -> Present | None:
    known = await uow.sign_ins.get(sign_in_id)
    if known is None or is_over(known, services.clock.now()):
        return None
    operator = await uow.operators.get(known.operator_id)
    return Present(operator, known) if operator is not None else None


async def still_present(sign_in_id: str, services: Services) -> bool:
    """Whether a stream that was opened by this sign-in may go on."""
    async with services.reading() as uow:
        return await _present(sign_in_id, services, uow) is not None


async def _seen(known: SignIn, services: Services) -> None:
    now = services.clock.now()
    if now - known.seen_at < timedelta(seconds=SEEN_EVERY_SECONDS):
        return
    try:
        async with services.unit_of_work() as uow:
            stored = await uow.sign_ins.get(known.sign_in_id)
            if stored is not None:
                stored.seen_at = now
            await uow.commit()
    except StoreUnavailable:
        return  # a database that takes nothing must not sign anybody out


async def sign_out(sign_in_id: str, services: Services) -> None:
    """The browser's secret is worth nothing from now on."""
    async with services.unit_of_work() as uow:
        await uow.sign_ins.end(sign_in_id)
        await uow.commit()


def is_right_token(given: str, known: SignIn) -> bool:
    """Whether a change was asked for by a page of ours, and not by somebody else's page in the same browser."""
    return hmac.compare_digest(given.encode(), known.csrf.encode())


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
