"""Survey: a look at a site that is no source yet: how it could be read, what that gives, and the row to write."""

from aggregator.survey.guess import Guess
from aggregator.survey.look import Surveyor, survey
from aggregator.survey.result import Known, Survey, Trial, Way, Ways
from aggregator.survey.row import write_row

__all__ = ["Guess", "Known", "Survey", "Surveyor", "Trial", "Way", "Ways", "survey", "write_row"]
