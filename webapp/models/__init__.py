"""The models: columns, invariants and named selects, one module a noun. Business verbs live in ``webapp.services``."""

from webapp.models.base import Base, DbSession, Localized, utc_now
from webapp.models.change import Change, touch
from webapp.models.cluster_release import ClusterRelease
from webapp.models.data_source import DataSource
from webapp.models.instance_state import guard_instance_states
from webapp.models.match import Match, MatchingRun
from webapp.models.network import Network, Region, Site
from webapp.models.partner import Challenge, Partner, PartnerKind, PartnerSite, PartnerTerm, PortfolioCompany
from webapp.models.publication import Listed, ListedPart, PublicationState
from webapp.models.residency import ResidencyEvent, ResidencyEventKind
from webapp.models.startup import ImportedRow, Milestone, Residency, Startup, StartupSite, StartupTerm
from webapp.models.vocabulary import AT_MOST, Term, TermKind

guard_instance_states()

__all__ = [
    "AT_MOST",
    "Base",
    "Challenge",
    "Change",
    "ClusterRelease",
    "DataSource",
    "DbSession",
    "ImportedRow",
    "Listed",
    "ListedPart",
    "Localized",
    "Match",
    "MatchingRun",
    "Milestone",
    "Network",
    "Partner",
    "PartnerKind",
    "PartnerSite",
    "PartnerTerm",
    "PortfolioCompany",
    "PublicationState",
    "Region",
    "Residency",
    "ResidencyEvent",
    "ResidencyEventKind",
    "Site",
    "Startup",
    "StartupSite",
    "StartupTerm",
    "Term",
    "TermKind",
    "touch",
    "utc_now",
]
