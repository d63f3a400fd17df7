"""The made-up people of the demonstration, on top of the demo seed, and the chats they write from."""

from bootstrap.services import open_database
from bootstrap.settings import Settings
from hotline.people import ChatLink, OperatorStatus
from hotline.ports import UnitOfWork
from hotline.sessions import Channel
from store.seed import seed_demo

DAUGHTER, STRANGER, ASKER = "demo-daughter", "demo-stranger", "demo-asker"
"""Addresses in the terminal channel; the first is linked to her mother in the seed."""

ELDER_CHAT, SON_CHAT, LIN_CHAT, ZHOU_CHAT, HE_CHAT, NEIGHBOUR_CHAT = range(7001, 7007)
"""Chats on our test server; nobody's on Telegram, as they never leave this machine."""

ELDER, SON_OF = "eld_demo_4", "eld_demo_3"
OPERATOR_CHATS = {"opr_demo_1": LIN_CHAT, "opr_demo_2": ZHOU_CHAT, "opr_demo_3": HE_CHAT}
SUPERVISOR, FIRST_CONTACT = "opr_demo_3", "con_demo_4a"

CHATS = {
    ELDER_CHAT: "熊桂花（老人）",
    SON_CHAT: "丛海涛（儿子）",
    LIN_CHAT: "小林（话务员）",
    ZHOU_CHAT: "小周（话务员）",
    HE_CHAT: "何班长（主管）",
    NEIGHBOUR_CHAT: "刘大姐（邻居，紧急联系人）",
}


async def put_in(settings: Settings) -> None:
    """The seed, with chats for those who are reached by Telegram."""
    database = open_database(settings)
    try:
        await seed_demo(database)
        async with database.unit_of_work() as uow:
            await _give_chats(uow)
            await uow.commit()
    finally:
        await database.close()


async def _give_chats(uow: UnitOfWork) -> None:
    for operator_id, chat in OPERATOR_CHATS.items():
        (await uow.operators.require(operator_id)).telegram_chat_id = str(chat)
    # Busy, so that the ladder can be seen: a ready supervisor would be told at once with all the others.
    (await uow.operators.require(SUPERVISOR)).status = OperatorStatus.BUSY
    neighbour = await uow.contacts.require(FIRST_CONTACT)
    neighbour.telegram_chat_id = str(NEIGHBOUR_CHAT)
    linked_at = (await uow.links.require("lnk_demo_1")).linked_at
    for chat, elder_id, contact_id in ((ELDER_CHAT, ELDER, None), (SON_CHAT, SON_OF, "con_demo_3a")):
        link = ChatLink(f"lnk_{chat}", Channel.TELEGRAM, str(chat), elder_id, contact_id, linked_at)
        uow.links.add(link)
