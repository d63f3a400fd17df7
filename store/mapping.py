"""Ties the dataclasses of `hotline` to their tables: the same objects are computed with and stored."""

from sqlalchemy.orm import registry

from hotline.audit import AuditEntry
from hotline.booking import OrderEvent, VisitOrder
from hotline.callbacks import Callback, CallbackTry
from hotline.cases import Case, ProfileChange
from hotline.credentials import Credential, SignIn
from hotline.danger import DangerCheck
from hotline.directory import Site
from hotline.eligibility import Eligibility
from hotline.escalation import Escalation, Notice
from hotline.linking import LinkCode, LinkTry
from hotline.notes import Note
from hotline.outbox import Message
from hotline.people import ChatLink, Elder, FamilyContact, Operator
from hotline.sessions import CallSession, Turn
from store import tables

MAPPED = {
    CallSession: tables.sessions,
    Turn: tables.turns,
    Elder: tables.elders,
    FamilyContact: tables.family_contacts,
    Operator: tables.operators,
    ChatLink: tables.chat_links,
    LinkCode: tables.link_codes,
    LinkTry: tables.link_tries,
    VisitOrder: tables.visit_orders,
    OrderEvent: tables.order_events,
    Callback: tables.callbacks,
    CallbackTry: tables.callback_tries,
    Case: tables.cases,
    ProfileChange: tables.profile_changes,
    Eligibility: tables.eligibilities,
    DangerCheck: tables.danger_checks,
    Escalation: tables.escalations,
    Notice: tables.notices,
    Message: tables.outbox,
    Site: tables.directory,
    Note: tables.notes,
    Credential: tables.credentials,
    SignIn: tables.sign_ins,
    AuditEntry: tables.audit_log,
}

KINDS = {table.name: kind for kind, table in MAPPED.items()}
"""The class of each table that has one."""

_registry = registry(metadata=tables.metadata)

# At import, once: a class can be mapped a single time, and every database object of a process shares it.
for _class, _table in MAPPED.items():
    _registry.map_imperatively(_class, _table)
