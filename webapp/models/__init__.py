"""The models: columns, invariants and named selects, one module a noun. Business verbs live in ``webapp.services``."""

from webapp.models.account import Account, NetworkRole, Passkey, Role, account_role
from webapp.models.application import Application, ApplicationState, Cohort, Evaluation
from webapp.models.audit import AuditEntry, Nonconformity
from webapp.models.audit_trail import DOER
from webapp.models.base import Base, DbSession, Localized, utc_now
from webapp.models.challenge import (
    AnswerState,
    Challenge,
    ChallengeAnswer,
    ChallengeInvitation,
    ChallengeState,
    ChallengeTerm,
)
from webapp.models.change import Change, touch
from webapp.models.cluster_release import ClusterRelease
from webapp.models.data_source import DataSource
from webapp.models.evidence import EvidenceFile, EvidenceKind
from webapp.models.instance_state import guard_instance_states
from webapp.models.introduction import Introduction, IntroductionMove, IntroductionState, Meeting, Outcome, Side
from webapp.models.match import Match, MatchChoice, MatchingRun
from webapp.models.matchmaking import (
    DayExclusion,
    DayFeedback,
    DayMeeting,
    DayParticipant,
    DayState,
    MatchmakingDay,
    MeetingResult,
)
from webapp.models.membership import Claim, ClaimState, Invitation, Membership, MembershipRole, OfOrganisation
from webapp.models.moderation import (
    BulkEdit,
    BulkEditRow,
    ImportRun,
    ImportRunRow,
    ImportRunState,
    NotDuplicate,
    ProfileMerge,
    SlugRedirect,
    UnknownTerm,
)
from webapp.models.network import Network, Region, Site
from webapp.models.outgoing_mail import MailState, OneTimeLink, OutgoingMail
from webapp.models.partner import Partner, PartnerKind, PartnerSite, PartnerTerm, PortfolioCompany
from webapp.models.person import Consent, ConsentPurpose, MailPreference, Person
from webapp.models.publication import Listed, ListedPart, PublicationState
from webapp.models.residency import Pulse, PulseAnswer, ResidencyEvent, ResidencyEventKind
from webapp.models.revision import Revision, RevisionState
from webapp.models.saved import AlertFrequency, ApiToken, SavedSearch, Shortlist, ShortlistEntry
from webapp.models.startup import ImportedRow, Milestone, Residency, Startup, StartupSite, StartupTerm
from webapp.models.vocabulary import AT_MOST, Term, TermKind

guard_instance_states()

__all__ = [
    "AT_MOST",
    "DOER",
    "Account",
    "AlertFrequency",
    "AnswerState",
    "ApiToken",
    "Application",
    "ApplicationState",
    "AuditEntry",
    "Base",
    "BulkEdit",
    "BulkEditRow",
    "Challenge",
    "ChallengeAnswer",
    "ChallengeInvitation",
    "ChallengeState",
    "ChallengeTerm",
    "Change",
    "Claim",
    "ClaimState",
    "ClusterRelease",
    "Cohort",
    "Consent",
    "ConsentPurpose",
    "DataSource",
    "DayExclusion",
    "DayFeedback",
    "DayMeeting",
    "DayParticipant",
    "DayState",
    "DbSession",
    "Evaluation",
    "EvidenceFile",
    "EvidenceKind",
    "ImportRun",
    "ImportRunRow",
    "ImportRunState",
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
    "MatchmakingDay",
    "Meeting",
    "MeetingResult",
    "Membership",
    "MembershipRole",
    "Milestone",
    "Network",
    "NetworkRole",
    "Nonconformity",
    "NotDuplicate",
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
    "ProfileMerge",
    "PublicationState",
    "Pulse",
    "PulseAnswer",
    "Region",
    "Residency",
    "ResidencyEvent",
    "ResidencyEventKind",
    "Revision",
    "RevisionState",
    "Role",
    "SavedSearch",
    "Shortlist",
    "ShortlistEntry",
    "Side",
    "Site",
    "SlugRedirect",
    "Startup",
    "StartupSite",
    "StartupTerm",
    "Term",
    "TermKind",
    "UnknownTerm",
    "account_role",
    "touch",
    "utc_now",
]
