"""What the demonstration left in the database and in the chats."""

from dataclasses import dataclass
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


@dataclass
class Left:
    """Everything stored, by table, and the test server with its chats."""

    stored: dict[str, list[Any]]
    server: BotApiServer
    now: datetime

    def fall(self) -> Escalation | None:
        """The one escalation there should be."""
        found = self.stored["escalations"]
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
        """Each notice of the escalation, as a row."""
        raised = self.fall()
        told = sorted(self.stored["notices"], key=lambda notice: notice.started_at)
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
