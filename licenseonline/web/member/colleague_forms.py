"""担当者の管理: whom to invite, and which role somebody has."""

from django import forms
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Role
from licenseonline.web.fields import MailField

_CHOOSE = {"required": _("権限を選択してください。"), "invalid_choice": _("権限を選択してください。")}


class InviteForm(forms.Form):
    """A colleague's address, and the role to begin with."""

    email = MailField(autocomplete="off", help_text=_("招待のメールをお送りします。登録用のURLは7日間有効です。"))
    role = forms.ChoiceField(
        label=_("権限"), choices=Role.choices, initial=Role.BUYER, error_messages=_CHOOSE, widget=forms.RadioSelect
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=_("権限"), choices=Role.choices, error_messages=_CHOOSE, widget=forms.RadioSelect)
