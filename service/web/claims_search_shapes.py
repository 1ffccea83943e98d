"""What `claims:search` takes and gives, named as Google names it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from service.web.replies import Shape
from service.web.requests import Query

MAX_PAGE = 100
MAX_OFFSET = 10_000
Words = Annotated[str, Field(max_length=1000)]


class ClaimsSearchQuery(Query):
    """Google's parameters. `query` or `reviewPublisherSiteFilter` must say something."""

    query: Words = Field("", description="A claim, or words about it.")
    languageCode: Annotated[str, Field(max_length=35)] = Field("", description="BCP 47; a region counts for nothing.")  # noqa: N815 - Google's name
    reviewPublisherSiteFilter: Annotated[str, Field(max_length=253)] = Field("", description="The publisher's site.")  # noqa: N815 - Google's name
    maxAgeDays: int = Field(0, ge=0, le=100_000, description="Age of the review in days; 0: any.")  # noqa: N815 - Google's name
    pageSize: int = Field(10, ge=1, le=1_000_000, description=f"At most {MAX_PAGE} are given.")  # noqa: N815 - Google's name
    pageToken: Annotated[str, Field(max_length=100)] = Field("", description="The nextPageToken of the page before.")  # noqa: N815 - Google's name
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="Where to begin, if there is no pageToken.")
    key: Annotated[str, Field(max_length=200)] = Field("", description="A key of this service, if not in a header.")
    alt: Literal["json"] = "json"
    prettyPrint: Literal["true", "false"] = "true"  # noqa: N815 - Google's name
    fields: Words = Field("", description="Not looked at: everything is given.")
    quotaUser: Words = Field("", description="Not looked at.")  # noqa: N815 - Google's name

    @model_validator(mode="after")
    def _asks_something(self) -> ClaimsSearchQuery:
        if not self.query.strip() and not self.reviewPublisherSiteFilter.strip():
            raise PydanticCustomError("nothing_asked", "query or reviewPublisherSiteFilter is required")
        return self


class GooglePublisherShape(Shape):
    """Who reviewed it."""

    name: str = ""
    site: str = ""


class GoogleReviewShape(Shape):
    """One review of a claim; what is not known is left out."""

    publisher: GooglePublisherShape = GooglePublisherShape()
    url: str = ""
    title: str = ""
    reviewDate: str = ""  # noqa: N815 - Google's name
    textualRating: str = ""  # noqa: N815 - Google's name
    languageCode: str = ""  # noqa: N815 - Google's name


class GoogleClaimShape(Shape):
    """A claim with its reviews."""

    text: str
    claimant: str = ""
    claimReview: list[GoogleReviewShape]  # noqa: N815 - Google's name


class ClaimsFoundShape(Shape):
    """A page of claims; both members are left out where they would be empty."""

    claims: list[GoogleClaimShape] = Field(default_factory=list)
    nextPageToken: str = ""  # noqa: N815 - Google's name


class GoogleFaultShape(BaseModel):
    """Why a call was refused."""

    model_config = ConfigDict(extra="allow")

    code: int
    message: str
    status: str


class GoogleErrorShape(Shape):
    """An error as Google's APIs give it."""

    error: GoogleFaultShape
