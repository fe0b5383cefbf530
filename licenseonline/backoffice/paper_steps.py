"""What the desk can do with a paper in its present state."""

from collections.abc import Sequence

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.paper_forms import AcceptForm, FileForm, ReturnForm, SentForm, WaiveForm
from licenseonline.sales import papers
from licenseonline.sales.models import DocumentRequest, PaperState, Submission


def of(asked: DocumentRequest, counting: Sequence[Submission], failed: StepForm | None) -> list[Step]:
    """The forms, the likeliest first; the one that failed keeps what was typed."""
    found = []
    seen = {"seen": counting[-1].pk} if counting else {}
    if asked.state == PaperState.HANDED_IN:
        found += [_accept(asked, seen), _return(asked, seen)]
    if asked.state == PaperState.ACCEPTED:
        found.append(_sent(asked))
        found += [_return(asked, seen)] if counting else []
    if asked.order.state in papers.UNDER_WAY and asked.state in papers.OPEN:
        found += [_file(asked), _waive(asked)]
    return [_kept(step, failed, seen) for step in found]


def _kept(step: Step, failed: StepForm | None, seen: dict[str, int]) -> Step:
    """A form that failed stays as it was filled, but decides about what is on the screen now."""
    if failed is None or failed.step != step.form.step:
        return step
    if "seen" in failed.fields and seen and isinstance(failed.data, QueryDict):
        failed.data = failed.data.copy()
        failed.data["seen"] = str(seen["seen"])
    return Step(step.title, step.hint, step.button, step.url, failed)


def _url(asked: DocumentRequest, step: str) -> str:
    return reverse(f"backoffice:paper_{step}", args=[asked.store_id, asked.pk])


def _accept(asked: DocumentRequest, seen: dict[str, int]) -> Step:
    hint = _("ご注文の内容と一致していれば受理してください。書類がすべてそろうと、注文は次の段階へ進みます。")
    return Step(_("受理する"), hint, _("受理する"), _url(asked, "accept"), AcceptForm(asked, initial=seen))


def _return(asked: DocumentRequest, seen: dict[str, int]) -> Step:
    hint = _("定型文を選ぶか、補足を入力してください。お客様にはメールでお知らせします。")
    return Step(_("差し戻す"), hint, _("差し戻す"), _url(asked, "return"), ReturnForm(asked, initial=seen))


def _sent(asked: DocumentRequest) -> Step:
    hint = _("書類をメーカーへ送ったら記録してください。お客様の画面にも表示されます。")
    return Step(_("メーカーへの提出"), hint, _("メーカー提出済みにする"), _url(asked, "sent"), SentForm())


def _file(asked: DocumentRequest) -> Step:
    hint = _("FAX・メール・郵送で届いた書類を、お客様のご提出として登録します。受け取った方法と登録者が記録されます。")
    return Step(_("届いた書類の登録"), hint, _("登録する"), _url(asked, "file"), FileForm())


def _waive(asked: DocumentRequest) -> Step:
    hint = _("この書類がなくても手続きできるときは、不要にしてください。")
    return Step(_("書類を不要にする"), hint, _("不要にする"), _url(asked, "waive"), WaiveForm())
