"""People: members of stores and their companies, staff of the operator and of the partners."""

from licenseonline.accounts.models.companies import BillingContact, Company, CompanyState
from licenseonline.accounts.models.company_changes import ChangeState, CompanyChange, CompanyMerge
from licenseonline.accounts.models.desk import (
    ActingTicket,
    Assignment,
    Note,
    SavedFilter,
    Side,
    SubjectFile,
    SubjectKind,
)
from licenseonline.accounts.models.links import MailLink, Registration
from licenseonline.accounts.models.members import Consent, Member, RecoveryCode, Role, TemporaryPassword
from licenseonline.accounts.models.sessions import Session, SignInFailure
from licenseonline.accounts.models.staff import StaffLink, StaffStatus, User, UserManager

__all__ = [
    "ActingTicket",
    "Assignment",
    "BillingContact",
    "ChangeState",
    "Company",
    "CompanyChange",
    "CompanyMerge",
    "CompanyState",
    "Consent",
    "MailLink",
    "Member",
    "Note",
    "RecoveryCode",
    "Registration",
    "Role",
    "SavedFilter",
    "Session",
    "Side",
    "SignInFailure",
    "StaffLink",
    "StaffStatus",
    "SubjectFile",
    "SubjectKind",
    "TemporaryPassword",
    "User",
    "UserManager",
]
