"""Companies, their members, the staff and the partners."""

from tests.rights.tables import ACCOUNTING, ADMIN, HEAD, ORDERS, SELLERS, Table

ACCOUNTS = Table(
    staff={
        (*ORDERS, *SELLERS): {
            "accounts.acting.begin",
            "accounts.assignments.assign",
            "accounts.notes.attach",
            "accounts.partner_invitations.invite",
            "accounts.partner_invitations.send_again",
            "accounts.partner_invitations.withdraw",
            "accounts.second_factors.reset",
        },
        (*ORDERS, *ACCOUNTING, *SELLERS): {
            "accounts.notes.add",
        },
        (*ORDERS, *ACCOUNTING): {
            "accounts.mailings.resend",
        },
        ORDERS: {
            "accounts.colleagues.hand_over",
            "accounts.companies.approve",
            "accounts.companies.refuse",
            "accounts.company_changes.accept",
            "accounts.company_changes.send_back",
            "accounts.company_merges.merge",
            "accounts.company_merges.preview",
            "accounts.company_merges.undo",
        },
        ADMIN: {
            "accounts.partner_stops.close",
            "accounts.partner_stops.resume",
            "accounts.partner_stops.stop",
            "accounts.partners.appoint",
            "accounts.partners.rename",
        },
        HEAD: {
            "accounts.staff.change_role",
            "accounts.staff.invite",
            "accounts.staff.reset_second_factor",
            "accounts.staff.send_again",
            "accounts.staff.stop",
        },
    },
    admins={
        "accounts.colleagues.change_role",
        "accounts.colleagues.remove",
        "accounts.company_changes.ask",
        "accounts.company_profiles.change",
        "accounts.company_profiles.clear_billing",
        "accounts.company_profiles.set_billing",
        "accounts.invitations.invite",
        "accounts.invitations.send_again",
        "accounts.invitations.withdraw",
    },
    oneself={
        "accounts.email_changes.ask",
        "accounts.email_changes.confirm",
        "accounts.email_changes.open",
        "accounts.password_changes.change",
        "accounts.profiles.change_person",
        "accounts.profiles.choose_newsletter",
        "accounts.second_factors.renew_codes",
        "accounts.second_factors.turn_off",
        "accounts.second_factors.turn_on",
        "accounts.sessions.end",
        "accounts.sessions.end_others",
    },
    parts={
        "accounts.assignments.about",
        "accounts.assignments.candidates",
        "accounts.assignments.ids_of",
        "accounts.assignments.of_many",
        "accounts.colleagues.check_admin",
        "accounts.company_profiles.check_may_change",
        "accounts.links.issue",
        "accounts.partner_invitations.waiting",
        "accounts.sessions.end_all",
        "accounts.staff.make",
        "accounts.staff_mail.notice",
    },
)
