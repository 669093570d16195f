"""Publishing the whole data set for download."""

from __future__ import annotations

import structlog

from webapp.services.data_set import FOLDER, publish_data_set
from webapp.services.network import day_of, get_network
from webapp.work.place import Workplace

log = structlog.get_logger(__name__)


def publish_data(place: Workplace) -> bool:
    """Write the public data set anew if something in it has changed; gives whether it was written.

    It needs no lock: it only reads, and the file appears when it is complete, whoever writes it.
    """
    with place.sessions() as session:
        network = get_network(session)
        if network is None:
            return False
        path = publish_data_set(session, place.data_dir / FOLDER, network, day_of(network))
    if path:
        log.info("data set written", file=path.name, size=path.stat().st_size)
    return path is not None
