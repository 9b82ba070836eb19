"""A work item as the API tells it."""

from rest_framework import serializers

from internal_bridge.policies.enums import Light
from internal_bridge.workflow.enums import ItemKind


class WorkItemSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    step = serializers.CharField(source="step_code", help_text="what is to be done, a code")
    title = serializers.CharField()
    number = serializers.CharField(help_text="the number of the matter; may be empty")
    url = serializers.CharField(source="matter", help_text="the page of the matter, on this host")
    unit = serializers.CharField(source="unit_code", help_text="code of the unit for which it is to be done")
    due = serializers.DateField(source="due_on", allow_null=True, help_text="the last day; null: without limit")
    light = serializers.ChoiceField(choices=Light.choices)
    urgent = serializers.BooleanField()
    claimed_by = serializers.CharField(source="taken_by", allow_null=True, help_text="the name of who has taken it")
    urged = serializers.IntegerField(help_text="how often it was urged")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
