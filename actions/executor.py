"""The executor with every action of ours; served by `bootstrap` behind one HTTP route."""

from rasa_sdk.executor import ActionExecutor

from actions import (
    booking,
    booking_forms,
    callbacks,
    cases,
    conversation,
    eligibility,
    eligibility_forms,
    escalation,
    people,
    places,
    policy,
    policy_forms,
)

FORMS = (
    booking_forms.BookServiceForm,
    booking_forms.ChangeBookingForm,
    booking_forms.CancelBookingForm,
    *eligibility_forms.FORMS,
    *policy_forms.FORMS,
)


def executor() -> ActionExecutor:
    """A fresh executor; actions find their services through `actions.provider`."""
    made = ActionExecutor()
    for module in (booking, callbacks, cases, conversation, eligibility, escalation, people, places, policy):
        for action in module.ACTIONS:
            made.register_action(action())
    for form in FORMS:
        made.register_action(form())
    return made
