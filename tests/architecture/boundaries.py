"""Who may know whom, where import-linter cannot look: strings that name a model, a module, a task or an address.

Each function takes the root of a source tree and returns its complaints. ``config`` is exempt: it puts the sites together.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import Source, modules, templates

BRIDGE = "internal_bridge.exchange"
# The same direction as the import contracts in pyproject.toml. A package knows itself.
MAY_KNOW = {
    "core": set(),
    "search": {"core"},
    BRIDGE: {"core"},
    "petitions": {"search", "core", BRIDGE},
    "surveys": {"petitions", "search", "core", BRIDGE},
    "portal": {"petitions", "surveys", "search", "core", BRIDGE},
    "internal_bridge.org": {"search", "core", BRIDGE},
    "internal_bridge.policies": {"internal_bridge.org", "search", "core", BRIDGE},
    "internal_bridge.routing": {"internal_bridge.org", "search", "core", BRIDGE},
    "internal_bridge.workflow": {"internal_bridge.org", "search", "core", BRIDGE},
    "internal_bridge.casework": {
        "internal_bridge.policies",
        "internal_bridge.routing",
        "internal_bridge.workflow",
        "internal_bridge.org",
        "search",
        "core",
        BRIDGE,
    },
    "internal_bridge.security": {"internal_bridge.org", "search", "core", BRIDGE},
    "internal_bridge.auditing": {"internal_bridge.org", "search", "core", BRIDGE},
    "internal_bridge.desk": {
        "internal_bridge.casework",
        "internal_bridge.policies",
        "internal_bridge.routing",
        "internal_bridge.workflow",
        "internal_bridge.security",
        "internal_bridge.auditing",
        "internal_bridge.org",
        "search",
        "core",
        BRIDGE,
    },
}
# A model of another app may be named, and so become a foreign key, in these cases only; core's are common ground.
FEATURES = {"internal_bridge.casework", "internal_bridge.routing", "internal_bridge.workflow"}
MODELS_FOR_OTHERS = {
    "petitions.Unit": {"portal", "surveys"},
    "org.Unit": FEATURES,
    "org.Person": FEATURES,
    "org.Post": FEATURES,
    "policies.Policy": {"internal_bridge.casework"},
    "policies.PolicyRule": {"internal_bridge.casework"},
}
BY_LABEL = {package.rpartition(".")[2]: package for package in MAY_KNOW}

MODEL = re.compile(rf"^({'|'.join(BY_LABEL)})\.([A-Z]\w*)$")
DOTTED = re.compile(rf"^(internal_bridge\.\w+|{'|'.join(BY_LABEL)})((?:\.\w+)+)$")
ADDRESS = re.compile(rf"^({'|'.join(BY_LABEL)}):[\w:-]+$")
FILE = re.compile(r"\.(html|txt|css|js|mjs|json|svg|png|po|mo|log|py|toml|xml)$")
# Ways to ask in which site one is.
SITE_QUESTIONS = {"EXCHANGE_PARTY", "INSTALLED_APPS", "ROOT_URLCONF", "SETTINGS_MODULE", "is_installed"}


def judged(root: Path) -> Iterator[Source]:
    """The modules that the rules are about."""
    return (module for module in modules(root) if module.package in MAY_KNOW)


def knows(package: str, other: str) -> bool:
    return other == package or other in MAY_KNOW[package]


def model_references(root: Path) -> list[str]:
    """Models named by string: ``"petitions.Petition"``, ``apps.get_model("casework", "Case")``."""
    found = []
    for module in judged(root):
        named = [(line, text) for line, text in module.strings() if MODEL.match(text)]
        for line, reference in named + list(get_model_calls(module)):
            owner = BY_LABEL[reference.partition(".")[0]]
            shared = module.package in MODELS_FOR_OTHERS.get(reference, set())
            if owner not in (module.package, "core") and not shared:
                found.append(f"{module.name}:{line}: names the model {reference}, which is {owner}'s own")
    return found


def get_model_calls(module: Source) -> Iterator[tuple[int, str]]:
    """``get_model`` with label and name as two arguments."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "attr", getattr(node.func, "id", "")) != "get_model":
            continue
        words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if len(words) == 2 and words[0] in BY_LABEL:
            yield node.lineno, ".".join(words)


def dotted_names(root: Path) -> list[str]:
    """Modules, tasks and permissions named by string: ``"internal_bridge.casework.tasks.close_cases"``."""
    found = []
    for module in judged(root):
        for line, text in module.strings():
            match = DOTTED.match(text)
            if not match or FILE.search(text) or MODEL.match(text):
                continue
            owner = BY_LABEL.get(match.group(1), match.group(1))
            door = owner == BRIDGE and text.startswith(BRIDGE) and not text.startswith(f"{BRIDGE}.public")
            if not knows(module.package, owner) or (door and module.package != BRIDGE):
                found.append(f"{module.name}:{line}: names {text}, which {module.package} may not know")
    return found


def addresses(root: Path) -> list[str]:
    """URL names with a namespace, in code and in templates: ``"casework:detail"``."""
    found = []
    named = [(module, line, text) for module in judged(root) for line, text in module.strings()]
    named += [(page, line, text) for page in templates(root) if page.package in MAY_KNOW for line, text in page.template_urls()]
    for source, line, text in named:
        match = ADDRESS.match(text)
        if match and not knows(source.package, BY_LABEL[match.group(1)]):
            found.append(f"{source.name}:{line}: names the address {text}, which {source.package} may not know")
    return found


def site_questions(root: Path) -> list[str]:
    """No code outside config/ asks which site it runs in. The bridge knows its own party's name: it signs with it."""
    found = []
    for module in judged(root):
        names = [(node.lineno, node.attr) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
        names += [(line, text) for line, text in module.strings() if text in SITE_QUESTIONS | {"DJANGO_SETTINGS_MODULE"}]
        for line, name in names:
            allowed = name == "EXCHANGE_PARTY" and module.package == BRIDGE
            if name in SITE_QUESTIONS | {"DJANGO_SETTINGS_MODULE"} and not allowed:
                found.append(f"{module.name}:{line}: {name} asks which site this is")
    return found


def shared_models(root: Path) -> list[str]:
    """What import-linter lets pass as a whole module: of petitions.models others import the directory's mirror alone."""
    found = []
    shared = {name for label, _, name in (reference.partition(".") for reference in MODELS_FOR_OTHERS) if label == "petitions"}
    for module in judged(root):
        if module.package == "petitions":
            continue
        for node in ast.walk(module.tree):
            names: set[str] = set()
            if isinstance(node, ast.ImportFrom) and node.module == "petitions.models":
                names = {alias.name for alias in node.names} - shared
            elif isinstance(node, ast.ImportFrom) and node.module == "petitions":
                names = {alias.name for alias in node.names if alias.name == "models"}
            elif isinstance(node, ast.Import):
                names = {alias.name for alias in node.names if alias.name == "petitions.models"}
            found += [f"{module.name}:{node.lineno}: imports {name} of petitions, whose models are its own" for name in names]
    return found


RULES = (model_references, dotted_names, addresses, site_questions, shared_models)
