"""The models: columns, invariants and named selects, one module a noun. Business verbs live in ``webapp.services``."""

from webapp.models.account import Account, NetworkRole, Passkey, Role, account_role
from webapp.models.base import Base, DbSession, Localized, utc_now
from webapp.models.change import Change, touch
from webapp.models.cluster_release import ClusterRelease
from webapp.models.data_source import DataSource
from webapp.models.instance_state import guard_instance_states
from webapp.models.introduction import Introduction, IntroductionMove, IntroductionState, Meeting, Outcome, Side
from webapp.models.match import Match, MatchChoice, MatchingRun
from webapp.models.membership import Claim, ClaimState, Invitation, Membership, MembershipRole, OfOrganisation
from webapp.models.network import Network, Region, Site
from webapp.models.outgoing_mail import MailState, OneTimeLink, OutgoingMail
from webapp.models.partner import Challenge, Partner, PartnerKind, PartnerSite, PartnerTerm, PortfolioCompany
from webapp.models.person import Consent, ConsentPurpose, MailPreference, Person
from webapp.models.publication import Listed, ListedPart, PublicationState
from webapp.models.residency import ResidencyEvent, ResidencyEventKind
from webapp.models.revision import Revision, RevisionState
from webapp.models.startup import ImportedRow, Milestone, Residency, Startup, StartupSite, StartupTerm
from webapp.models.vocabulary import AT_MOST, Term, TermKind

guard_instance_states()

__all__ = [
    "AT_MOST",
    "Account",
    "Base",
    "Challenge",
    "Change",
    "Claim",
    "ClaimState",
    "ClusterRelease",
    "Consent",
    "ConsentPurpose",
    "DataSource",
    "DbSession",
    "ImportedRow",
    "Introduction",
    "IntroductionMove",
    "IntroductionState",
    "Invitation",
    "Listed",
    "ListedPart",
    "Localized",
    "MailPreference",
    "MailState",
    "Match",
    "MatchChoice",
    "MatchingRun",
    "Meeting",
    "Membership",
    "MembershipRole",
    "Milestone",
    "Network",
    "NetworkRole",
    "OfOrganisation",
    "OneTimeLink",
    "Outcome",
    "OutgoingMail",
    "Partner",
    "PartnerKind",
    "PartnerSite",
    "PartnerTerm",
    "Passkey",
    "Person",
    "PortfolioCompany",
    "PublicationState",
    "Region",
    "Residency",
    "ResidencyEvent",
    "ResidencyEventKind",
    "Revision",
    "RevisionState",
    "Role",
    "Side",
    "Site",
    "Startup",
    "StartupSite",
    "StartupTerm",
    "Term",
    "TermKind",
    "account_role",
    "touch",
    "utc_now",
]
