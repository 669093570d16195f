"""What a network pack's files must look like, file by file. The format is documented in ``docs/network-pack.md``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator
from stdnum import get_cc_module

from webapp.i18n import LANGUAGES


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"the program has no language {code}; it has {', '.join(LANGUAGES)}")
    return code


def _once_each(codes: list[str]) -> list[str]:
    if len(set(codes)) < len(codes):
        raise ValueError("a language comes twice")
    return codes


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"there is no time zone {name}")
    return name


def _known_number(name: str) -> str:
    if get_cc_module(*name.split(".", 1)) is None:
        raise ValueError(f"python-stdnum has no {name}")
    return name


LanguageCode = Annotated[str, AfterValidator(_known_language)]

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
RegionCode = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
Texts = Annotated[dict[LanguageCode, Annotated[str, Field(min_length=1)]], Field(min_length=1)]
Year = Annotated[int, Field(ge=1900, le=2200)]


class Entry(BaseModel):
    """A mapping in a pack; a key that the schema does not know is an error, since it is most likely misspelt."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class CompanyNumber(Entry):
    """How a company is registered in the network's country."""

    stdnum: Annotated[str, Field(pattern=r"^[a-z]{2}\.[a-z_]+$"), AfterValidator(_known_number)]
    names: Texts


class Supervisor(Entry):
    """The public authority to which one may complain."""

    names: Texts
    url: str


class Controller(Entry):
    """Who answers for the personal data that the site holds, and under which law."""

    names: Texts
    address: Texts | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    law: Texts
    supervisor: Supervisor
    notification: Texts | None = None
    note: Texts | None = None


class Licence(Entry):
    """Under which licence the public may use what the directory publishes."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9.+-]+$", max_length=40)]
    """Its SPDX identifier, such as ``CC-BY-4.0``."""
    names: Texts
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]


class SearchSuggestion(Entry):
    """A ready search under the home page's search box."""

    names: Texts
    query: str


class Figure(Entry):
    """A published figure with its definition and source."""

    code: Code
    value: str
    names: Texts
    definition: Texts
    source: str
    url: str


class Attribution(Entry):
    """Who made the data that a page shows."""

    names: Texts
    url: str
    licence: str
    where: list[Literal["map", "figures"]]


Kind = Literal["startup", "investor", "mentor", "corporate"]
_PARTNER_KINDS: list[Kind] = ["investor", "mentor", "corporate"]


class IntroductionRules(Entry):
    """Who may ask whom for an introduction, and how often."""

    may_ask: dict[Kind, list[Kind]] = {
        "startup": _PARTNER_KINDS,
        "investor": ["startup"],
        "mentor": ["startup"],
        "corporate": ["startup"],
    }
    """Who asks -> whom; what is absent asks nobody. Staff may propose any."""
    open_requests: Annotated[int, Field(ge=1, le=100)] = 5
    """How many unanswered requests an organisation may have at a time."""
    monthly_requests: Annotated[int, Field(ge=1, le=1000)] = 10
    """How many new requests an organisation may submit a calendar month."""
    ask_again_months: Annotated[int, Field(ge=0, le=60)] = 6
    """After how many months one may ask again who declined."""
    review_days: Annotated[int, Field(ge=1, le=30)] = 3
    """Within how many working days staff mean to check a request."""

    @field_validator("may_ask")
    @classmethod
    def _startups_and_partners(cls, table: dict[Kind, list[Kind]]) -> dict[Kind, list[Kind]]:
        for asking, asked in table.items():
            for kind in asked:
                if (asking == "startup") == (kind == "startup"):
                    raise ValueError(f"an introduction is between a startup and a partner, not {asking} and {kind}")
        return table


class ApplicantKind(Entry):
    """Who may apply for a place."""

    code: Code
    names: Texts
    description: Texts | None = None


class EligibilityRule(Entry):
    """A condition that an application must meet; staff see which do not hold, and the applicant before sending."""

    code: Code
    names: Texts
    """What must hold, as the applicant reads it."""
    kinds: list[Code] = []
    """For whom it holds; empty: for all."""
    field: Literal["founded", "headcount", "sectors", "site", "company_number", "women_founders", "maturity"]
    test: Literal["present", "at-most-years", "one-of", "none-of"]
    """``at-most-years``: the year is at most so many years ago; ``one-of``, ``none-of``: among these codes."""
    value: Annotated[int, Field(ge=0)] | None = None
    codes: list[Code] = []
    is_strict: bool = True
    """Whether an application that does not meet it cannot be sent; otherwise staff decide."""


class Criterion(Entry):
    """Something that evaluators score from 1 to 5."""

    code: Code
    names: Texts
    description: Texts | None = None
    weight: Annotated[float, Field(gt=0, le=10)] = 1


def _unique(entries: list[Any]) -> list[Any]:
    if len({entry.code for entry in entries}) < len(entries):
        raise ValueError("a code comes twice")
    return entries


class ApplicationRules(Entry):
    """Who may apply for a place, and how applications are judged."""

    is_open: bool = True
    """Whether one can apply at any time; otherwise only to a cohort."""
    kinds: Annotated[list[ApplicantKind], AfterValidator(_unique)] = []
    eligibility: Annotated[list[EligibilityRule], AfterValidator(_unique)] = []
    criteria: Annotated[list[Criterion], AfterValidator(_unique)] = []
    evaluators: Annotated[int, Field(ge=1, le=10)] = 2
    """How many evaluations an application needs before it is decided."""
    draft_days: Annotated[int, Field(ge=7, le=365)] = 60
    """After how many days without a change a draft is deleted."""


class ResidencyRules(Entry):
    """How long one stays, and when staff and startups are reminded."""

    lease_months: Annotated[int, Field(ge=1, le=240)] = 24
    """Proposed as the length of a new lease."""
    review_months: Annotated[int, Field(ge=1, le=120)] = 18
    """When the incubation is looked at, after the first entry."""
    remind_days: list[Annotated[int, Field(ge=1, le=365)]] = [90, 30]
    """So many days before a lease ends, its startup and staff are reminded."""
    pulse_months: Annotated[int, Field(ge=1, le=36)] = 12
    """How often startups that left are asked whether they are still active."""


class ServiceLevels(Entry):
    """Within how many working days staff mean to decide what waits."""

    applications: Annotated[int, Field(ge=1, le=90)] = 15
    reviews: Annotated[int, Field(ge=1, le=90)] = 5
    claims: Annotated[int, Field(ge=1, le=90)] = 3
    challenges: Annotated[int, Field(ge=1, le=90)] = 5
    renewals: Annotated[int, Field(ge=1, le=90)] = 10
    imports: Annotated[int, Field(ge=1, le=90)] = 5
    mail: Annotated[int, Field(ge=1, le=90)] = 1
    duplicates: Annotated[int, Field(ge=1, le=90)] = 20
    stale: Annotated[int, Field(ge=1, le=365)] = 60
    weekend: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=6)] = [6, 7]
    """ISO weekdays on which nobody works: 1 is Monday."""


class RetentionRules(Entry):
    """How long is kept what the network decides about."""

    evidence_days: Annotated[int, Field(ge=7, le=730)] = 90
    """Attached files are deleted so many days after what they were attached to was decided."""


class NetworkEntry(Entry):
    """network.yaml."""

    code: Code
    names: Texts
    languages: Annotated[list[LanguageCode], Field(min_length=1), AfterValidator(_once_each)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    timezone: Annotated[str, AfterValidator(_known_timezone)]
    founded: Year | None = None
    website: str | None = None
    controller: Controller | None = None
    company_number: CompanyNumber
    headline: Texts
    lead: Texts
    about: Texts
    searches: list[SearchSuggestion] = []
    data_licence: Licence | None = None
    disclosure_threshold: Annotated[int, Field(ge=1, le=20)] = 3
    introductions: IntroductionRules = IntroductionRules()
    applications: ApplicationRules = ApplicationRules()
    residency: ResidencyRules = ResidencyRules()
    service_levels: ServiceLevels = ServiceLevels()
    retention: RetentionRules = RetentionRules()
    holidays: list[date] = []
    figures: list[Figure] = []
    attributions: list[Attribution] = []


class RegionEntry(Entry):
    """A region of regions.yaml."""

    code: RegionCode
    names: Texts
    aliases: list[str] = []
    population: Annotated[int, Field(ge=0)] | None = None
    households: Annotated[int, Field(ge=0)] | None = None
    establishments: Annotated[int, Field(ge=0)] | None = None
    jobs: Annotated[int, Field(ge=0)] | None = None
    census_year: Year | None = None


class SiteEntry(Entry):
    """A site of sites.yaml."""

    code: Code
    names: Texts
    city: Texts
    region: RegionCode
    status: Literal["operating", "announced", "closed"]
    opened: Year | None = None
    closed: Year | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    capacity: Annotated[int, Field(ge=0)] | None = None
    aliases: list[str] = []


class TermEntry(Entry):
    """A term of any of the vocabulary's files."""

    code: Code
    names: Texts
    description: dict[LanguageCode, str] = {}
    aliases: list[str] = []
    group: Code | None = None
    answers: list[Code] = []
