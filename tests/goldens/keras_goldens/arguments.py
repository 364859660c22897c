"""The arguments of everything that Keras has, with their defaults: `crates/core` must have each or leave it out with a reason."""

import inspect

import keras

#: The registry's lists, and where Keras keeps the same.
LISTS = {
    "layers": keras.layers,
    "losses": keras.losses,
    "metrics": keras.metrics,
    "optimizers": keras.optimizers,
    "schedules": keras.optimizers.schedules,
    "initializers": keras.initializers,
    "constraints": keras.constraints,
    "regularizers": keras.regularizers,
    "callbacks": keras.callbacks,
}
#: What stands for "there is no default", which no default of Keras is.
REQUIRED = "required"
#: Functions without a class of their own, or with other arguments than it: without what they are called on.
FUNCTIONS = {"metrics": keras.metrics, "losses": keras.losses, "activations": keras.activations}
CALLED_ON = ("y_true", "y_pred", "x")
#: What a module has beside its kinds.
TOOLS = ("get", "serialize", "deserialize")


def simple(default):
    if default is inspect.Parameter.empty:
        return REQUIRED
    if isinstance(default, (tuple, list)):
        return [simple(it) for it in default]
    return default if default is None or isinstance(default, (bool, int, float, str)) else str(default)


def arguments(kind) -> dict:
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    own = inspect.signature(kind.__init__).parameters.values()
    # Of a layer's call: all but what it is called on, which is the first.
    called = inspect.signature(kind.call).parameters.values() if issubclass(kind, keras.Layer) else ()
    taken = [it for it in own if it.name != "self"] + [it for it in called if it.name != "self"][1:]
    return {it.name: simple(it.default) for it in taken if it.kind in named}


def cases():
    for list_name, module in LISTS.items():
        exported = {}
        for name, kind in inspect.getmembers(module, inspect.isclass):
            # A class has several names; the one that it is defined by, if that is among them.
            if kind not in exported or name == kind.__name__:
                exported[kind] = name
        kinds = {name: arguments(kind) for kind, name in exported.items()}
        yield {"name": list_name, "kinds": dict(sorted(kinds.items()))}
    for list_name, module in FUNCTIONS.items():
        kinds = {name: of_function(function) for name, function in inspect.getmembers(module, inspect.isfunction) if name not in TOOLS}
        yield {"name": f"{list_name}_functions", "kinds": dict(sorted(kinds.items()))}
    # What every layer takes, beside its own.
    yield {"name": "every_layer", "kinds": {"Layer": arguments(keras.Layer)}}


def of_function(function) -> dict:
    taken = inspect.signature(function).parameters.values()
    return {it.name: simple(it.default) for it in taken if it.name not in CALLED_ON}
