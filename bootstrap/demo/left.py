"""What the demonstration left in the database and in the chats."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from bot.testserver import BotApiServer
from hotline.escalation import Escalation, Notice

COLUMNS = {
    "visit_orders": "order_id service starts_at ends_at name place address phone contact status",
    "escalations": "escalation_id kind urgency raised_at elder_id place number status claimed_by",
    "callbacks": "callback_id reason urgency number promised_at words status",
    "cases": "case_id type words elder_id wants_callback promised_on status",
}
"""What is shown of each table."""


def id_of(record: Any) -> str:
    """A record's own id, its first column."""
    return str(getattr(record, fields(record)[0].name))


@dataclass
class Left:
    """Everything stored, by table, and the test server with its chats."""

    stored: dict[str, list[Any]]
    server: BotApiServer
    now: datetime

    def since(self, earlier: "Left") -> "Left":
        """What has come since then, with all the people."""
        known = {id_of(one) for name in (*COLUMNS, "notices") for one in earlier.stored[name]}
        new = {n: [o for o in self.stored[n] if id_of(o) not in known] for n in (*COLUMNS, "notices")}
        return Left({**self.stored, **new}, self.server, self.now)

    def fall(self) -> Escalation | None:
        """The one fall there should be."""
        found = [one for one in self.stored["escalations"] if one.kind == "fall"]
        return found[0] if len(found) == 1 else None

    def notices(self, rung: str) -> list[Notice]:
        """Who was told at a rung."""
        return [notice for notice in self.stored["notices"] if notice.rung == rung]

    def name(self, item_id: str | None) -> str | None:
        """The name of an operator, a contact or an elder."""
        kinds = (("operators", "operator_id"), ("family_contacts", "contact_id"), ("elders", "elder_id"))
        names = {getattr(one, key): one.name for kind, key in kinds for one in self.stored[kind]}
        return names.get(item_id or "", item_id)

    def records(self) -> dict[str, list[dict[str, Any]]]:
        """The four tables as they are shown: ids left out, names put in."""
        return {name: [self._row(name, one) for one in self.stored[name]] for name in COLUMNS}

    def _row(self, name: str, one: Any) -> dict[str, Any]:
        values = {column: getattr(one, column) for column in COLUMNS[name].split()}
        return {k: self.name(v) if k in ("elder_id", "claimed_by") else self._local(v) for k, v in values.items()}

    def _local(self, value: Any) -> Any:
        return value.astimezone(self.now.tzinfo) if isinstance(value, datetime) else value

    def ladder(self) -> list[dict[str, Any]]:
        """Each notice of the fall, as a row."""
        raised = self.fall()
        of_fall = [n for n in self.stored["notices"] if raised and n.escalation_id == raised.escalation_id]
        told = sorted(of_fall, key=lambda notice: notice.started_at)
        rows = [self._notice_row(notice, raised.raised_at) for notice in told if raised]
        if raised and raised.claimed_at:
            after = (raised.claimed_at - raised.raised_at).total_seconds()
            claim = {"rung": "claimed", "who": self.name(raised.claimed_by), "state": raised.status}
            rows.append({**claim, "when": self._local(raised.claimed_at), "after": f"{after:.1f} s"})
        return rows

    def _notice_row(self, notice: Notice, raised_at: datetime) -> dict[str, Any]:
        after = (notice.started_at - raised_at).total_seconds()
        told = {"rung": notice.rung, "who": self.name(notice.recipient_id), "state": notice.state}
        return {**told, "when": self._local(notice.started_at), "after": f"{after:.1f} s"}
