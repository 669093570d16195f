"""Summaries of figures in whole sentences. Each is one message, so that every language can order it as it must."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from flask_babel import gettext, ngettext

from webapp.blueprints.clusters.formats import interval, percent, ratio
from webapp.services.cluster_figures import Cell, Curve, Figures, Flows, Place
from webapp.services.clusters import RegionPage, SectorPage
from webapp.web.formats import day, label, number

TOLD_AT = (60, 36, 18, 12)
"""Months at which a summary tells survival; the first that the curve reaches."""

Namer = Callable[[Cell], str]


def region_summary(page: RegionPage) -> list[str]:
    """What there is to say of a region, in sentences."""
    place, name = page.place, label("regions", page.region.code)
    if place.residents == 0 and not place.flows:
        return [gettext("No startup resides in a park of %(region)s.", region=name)]
    sentences = [_region_size(page, name)]
    sentences += _concentrated(page.cells, page.figures, lambda cell: label("sectors", cell.sector), _region_words())
    sentences += [*_growth(place), *_flows(place.flows, page.figures), *_survival(place.survival)]
    return sentences


def sector_summary(page: SectorPage) -> list[str]:
    """What there is to say of a sector, in sentences."""
    place, name = page.place, label("sectors", page.code)
    if place.residents == 0 and not place.flows:
        return [gettext("No resident startup has %(sector)s as its main sector.", sector=name)]
    sentences = [_sector_size(page, name)]
    sentences += _concentrated(page.cells, page.figures, lambda cell: label("regions", cell.region), _sector_words())
    sentences += [*_growth(place), *_flows(place.flows, page.figures), *_survival(place.survival)]
    return sentences


def network_summary(figures: Figures) -> list[str]:
    """What there is to say of the network, in sentences."""
    network = figures.network
    sentences = [
        ngettext(
            "%(count)s startup resides in the parks.",
            "%(count)s startups reside in the parks.",
            network.startups,
            count=number(network.startups),
        )
    ]
    if network.alumni:
        sentences.append(
            ngettext(
                "%(count)s startup of this directory has left them since the beginning.",
                "%(count)s startups of this directory have left them since the beginning.",
                network.alumni,
                count=number(network.alumni),
            )
        )
    place = network.place
    return [*sentences, *_growth(place), *_flows(place.flows, figures), *_survival(place.survival)]


def _region_size(page: RegionPage, name: str) -> str:
    count, share = page.place.residents, page.place.share
    if count is None:
        return gettext(
            "How many startups reside in %(region)s is not published, so that single ones cannot be told apart.",
            region=name,
        )
    return ngettext(
        "%(region)s hosts %(count)s resident startup, %(share)s of the network’s.",
        "%(region)s hosts %(count)s resident startups, %(share)s of the network’s.",
        count,
        region=name,
        count=number(count),
        share=percent(share or 0),
    )


def _sector_size(page: SectorPage, name: str) -> str:
    count, share = page.place.residents, page.place.share
    if count is None:
        return gettext(
            "How many residents have %(sector)s as their main sector is not published, "
            "so that single ones cannot be told apart.",
            sector=name,
        )
    return ngettext(
        "%(sector)s is the main sector of %(count)s resident startup, %(share)s of the network’s.",
        "%(sector)s is the main sector of %(count)s resident startups, %(share)s of the network’s.",
        count,
        sector=name,
        count=number(count),
        share=percent(share or 0),
    )


def _region_words() -> tuple[str, str, str, str]:
    return (
        gettext(
            "%(name)s weighs %(quotient)s times as much here as in the network "
            "(95 %% interval: %(interval)s; %(count)s startups)."
        ),
        gettext("Surely concentrated as well: %(names)s."),
        gettext("No sector is surely more concentrated here than in the network."),
        gettext("Possibly concentrated, but too few to be sure: %(names)s."),
    )


def _sector_words() -> tuple[str, str, str, str]:
    return (
        gettext(
            "It weighs %(quotient)s times as much in %(name)s as in the network "
            "(95 %% interval: %(interval)s; %(count)s startups)."
        ),
        gettext("It is surely concentrated in these regions as well: %(names)s."),
        gettext("In no region is it surely more concentrated than in the network."),
        gettext("Possibly concentrated, but with too few startups to be sure: %(names)s."),
    )


def _concentrated(
    cells: Sequence[Cell], figures: Figures, name: Namer, words: tuple[str, str, str, str]
) -> Iterator[str]:
    strongest, others, none, possible = words
    known = sorted((cell for cell in cells if cell.quotient), key=lambda cell: -_strength(cell))
    sure = [cell for cell in known if cell.specialised]
    maybe = [
        cell
        for cell in known
        if cell.quotient and not cell.specialised and cell.quotient.value >= figures.specialised_from
    ]
    if not sure and known:
        yield none
    for cell in sure[:1]:
        if cell.quotient:
            yield strongest % {
                "name": name(cell),
                "quotient": ratio(cell.quotient.value),
                "interval": interval(cell.quotient),
                "count": number(cell.quotient.n),
            }
    if sure[1:]:
        yield others % {"names": listed([name(cell) for cell in sure[1:]])}
    if maybe:
        yield possible % {"names": listed([name(cell) for cell in maybe])}


def _strength(cell: Cell) -> float:
    return cell.shrunken.value if cell.shrunken else 0.0


def listed(names: Sequence[str]) -> str:
    """Names in a row."""
    return gettext(", ").join(names)


def _growth(place: Place) -> Iterator[str]:
    change = next((each for each in place.changes if each.years == 1), None)
    if change is None:
        return
    values = {"before": number(change.before), "now": number(change.before + change.change)}
    if change.change > 0:
        yield gettext("In a year the number of residents rose from %(before)s to %(now)s.", **values)
    elif change.change < 0:
        yield gettext("In a year the number of residents fell from %(before)s to %(now)s.", **values)
    else:
        yield gettext("The number of residents is the same as a year ago: %(now)s.", **values)


def _flows(flows: Flows | None, figures: Figures) -> Iterator[str]:
    if flows is None:
        return
    values = {"entered": number(flows.entered), "left": number(flows.left), "day": day(figures.as_of)}
    yield gettext("In the twelve months to %(day)s, arrivals: %(entered)s; departures: %(left)s.", **values)
    if flows.direction == "unclear":
        yield gettext("That is no clear direction: chance alone could explain the difference.")
    if flows.retention:
        yield gettext("%(share)s of those present a year ago stayed throughout.", share=percent(flows.retention.value))


def _survival(curve: Curve | None) -> Iterator[str]:
    points = {point.months: point for point in curve.points} if curve else {}
    point = next((points[months] for months in TOLD_AT if months in points), None)
    if point:
        yield gettext(
            "An estimated %(share)s of stays last longer than %(months)s months "
            "(95 %% interval: %(lower)s to %(upper)s).",
            share=percent(point.value),
            months=number(point.months),
            lower=percent(point.lower),
            upper=percent(point.upper),
        )


GLOBALS = (region_summary, sector_summary, network_summary)
