"""What is done once a day, and by `warmline privacy purge`: everything past its time is forgotten."""

import asyncio
from datetime import timedelta

from bootstrap.services import RasaConversations, make_spool, open_database
from bootstrap.settings import Settings
from hotline import privacy
from hotline.ports import Services
from nlu import trackers


async def purge_all(settings: Settings, services: Services) -> dict[str, int]:
    """Purge transcripts, Rasa's trackers and the spool, each by its own setting; gives how many of each."""
    now = services.clock.now()
    tracker_url = str(settings.rasa_database_url)
    before = now - timedelta(days=settings.retention_days)
    counts = await privacy.purge(before, services, RasaConversations(tracker_url))
    old = now - timedelta(days=settings.tracker_retention_days)
    counts["trackers"] = await asyncio.to_thread(trackers.purge, tracker_url, old)
    spool = make_spool(settings, services.clock)
    counts["spool"] = spool.purge(now - timedelta(days=settings.spool_retention_days))
    return counts


async def delete_person(elder_id: str, settings: Settings, services: Services) -> dict[str, int]:
    """Delete one elder everywhere; the pages that held the words are emptied too. Raises NotFound."""
    conversations = RasaConversations(str(settings.rasa_database_url))
    counts = await privacy.delete(elder_id, services, conversations)
    database = open_database(settings)
    try:
        await database.scrub()
    finally:
        await database.close()
    return counts
