"""``/api/v1/statistics/``: how the city and its units answer."""

from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.problems import problems, refuse_unknown_query
from petitions.statistics import report
from petitions.statistics_presenters import asked_span

PARAMETERS = [
    OpenApiParameter("unit", description="code; then the figures are that unit's"),
    OpenApiParameter("from", OpenApiTypes.DATE, description="first day; eleven months before the month of `to` when not given"),
    OpenApiParameter("to", OpenApiTypes.DATE, description="last day; today when not given"),
]


class FiguresSerializer(serializers.Serializer):
    received = serializers.IntegerField(help_text="petitions that arrived; of a unit, those given to it and not given back")
    answered = serializers.IntegerField(help_text="answers sent")
    on_time_share = serializers.FloatField(allow_null=True, help_text="answers within the limit ÷ answers; null without any")
    median_days = serializers.FloatField(allow_null=True, help_text="working days from receipt to answer")
    satisfaction = serializers.FloatField(allow_null=True, help_text="ratings of 4 or 5 ÷ ratings")
    rehandled_share = serializers.FloatField(allow_null=True, help_text="handled again ÷ answers")


class UnitFiguresSerializer(FiguresSerializer):
    unit = serializers.CharField(help_text="code")
    name = serializers.CharField()


class StatisticsSerializer(FiguresSerializer):
    as_of = serializers.DateTimeField(allow_null=True, help_text="when the office last counted; null before the first time")
    units = UnitFiguresSerializer(many=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        # ``from`` is a word of Python.
        return {"from": serializers.DateField(), "to": serializers.DateField(), **super().get_fields()}


@method_decorator(never_cache, name="dispatch")
class StatisticsView(APIView):
    """Public figures of a span of days, of the city and by unit. Counted by the office, day by day in Asia/Shanghai."""

    @extend_schema(
        operation_id="statistics_read", parameters=PARAMETERS, responses={200: StatisticsSerializer, **problems(400)}
    )
    def get(self, request: Request) -> Response:
        refuse_unknown_query(request, "unit", "from", "to")
        span = asked_span(request.query_params)
        if span.form.errors:
            raise exceptions.ValidationError(
                {name: [str(error) for error in errors] for name, errors in span.form.errors.items()}
            )
        found = report(span.begin, span.end, unit_code=span.unit)
        units = [{"unit": code, "name": name} | figures.as_told() for code, (name, figures) in sorted(found.units.items())]
        answer = {"from": span.begin, "to": span.end, "as_of": found.as_of, "units": units} | found.city.as_told()
        return Response(StatisticsSerializer(answer).data)
