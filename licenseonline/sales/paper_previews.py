"""What the desk looks at: the pages of a paper that was handed in, drawn by a job."""

from procrastinate.contrib.django import app

from licenseonline.kit import scope
from licenseonline.records import file_kinds, files, previews
from licenseonline.sales.models import Submission, SubmissionPage

_DRAWN = {kind.content_type for kind in file_kinds.PAPERS if kind.is_drawn}


@app.task(name="sales.paper_previews.draw", retry=3)
def draw(submission_id: int, store_id: int) -> None:
    """Draw the submission's pages, once; `pages` is 0 for what has no preview or cannot be read."""
    with scope.stores([store_id]):
        submission = Submission.objects.select_related("file").get(pk=submission_id)
    pages = []
    if submission.file.content_type in _DRAWN:  # outside a transaction: it may take a minute
        with files.opened(submission.file) as content:
            pages = previews.drawn(content, submission.file.content_type)
    with scope.stores([store_id]):
        submission = Submission.objects.select_for_update(of=("self",)).select_related("file").get(pk=submission_id)
        if submission.pages is None:
            _keep(submission, pages)


def _keep(submission: Submission, pages: list[bytes]) -> None:
    made = []
    for number, page in enumerate(pages, start=1):
        name = f"{submission.pk}-{number}.webp"
        kept = files.keep(
            page,
            name=name,
            content_type=previews.WEBP,
            store_id=submission.store_id,
            company_id=submission.file.company_id,
        )
        made.append(SubmissionPage(store_id=submission.store_id, submission=submission, number=number, file=kept))
    SubmissionPage.objects.bulk_create(made)
    submission.pages = len(made)
    submission.save(update_fields=["pages"])
