from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from internal_bridge.routing.candidates import candidates
from internal_bridge.routing.examples import BadExamples, Example, past_examples, read_examples
from internal_bridge.routing.models import RoutingModel
from internal_bridge.routing.services import activate_model, train_model


class Command(BaseCommand):
    help = (
        "Train the model that suggests units, on past cases and a file of examples, and use it from now on. With --evaluate, "
        "print first how often rules, model and both are right: k-fold, and on a part that is held out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--examples", type=Path, metavar="FILE", help="JSON lines: id, kind, title, body, lead, …")
        parser.add_argument("--evaluate", action="store_true", help="print figures, and keep them with the model")
        parser.add_argument("--dry-run", action="store_true", help="store no model")
        parser.add_argument("--activate", type=int, metavar="NUMBER", help="train nothing: use this model again")
        parser.add_argument("--list", action="store_true", help="train nothing: list the models, * marks the one in use")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for model in RoutingModel.objects.all():
                mark = " *" if model.active else ""
                self.stdout.write(f"{model.number}  {model.trained_at:%Y-%m-%d %H:%M}  {model.examples} examples{mark}")
        elif options["activate"] is not None:
            try:
                self.stdout.write(f"in use: {activate_model(by=None, number=options['activate'])}")
            except RoutingModel.DoesNotExist as error:
                raise CommandError(f"There is no model {options['activate']}.") from error
        else:
            self._train(options)

    def _train(self, options: dict[str, Any]) -> None:
        from internal_bridge.routing.evaluation import evaluate, printed
        from internal_bridge.routing.learning import MOST_EXAMPLES

        examples = self._from_file(options["examples"])
        past = past_examples(most=max(MOST_EXAMPLES - len(examples), 0))
        metrics: dict[str, Any] = {}
        if options["evaluate"]:
            if not examples:
                raise CommandError("--evaluate wants a file of examples.")
            metrics = evaluate(examples, candidates())
            for line in printed(metrics):
                self.stdout.write(line)
        if not options["dry_run"]:
            self._store(examples + past, metrics)

    def _from_file(self, path: Path | None) -> list[Example]:
        try:
            return read_examples(path) if path else []
        except (OSError, BadExamples) as error:
            raise CommandError(str(error)) from error

    def _store(self, examples: list[Example], metrics: dict[str, Any]) -> None:
        try:
            model = train_model(by=None, examples=examples, metrics=metrics)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{model}: {model.examples} examples, in use")
