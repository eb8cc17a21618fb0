"""Velocity Template Language, as Amazon API Gateway's mapping templates speak it.

One idea: text becomes a tree once (`compile`), the tree is walked many times (`Template.render`), and every walk has a
budget, so that no template and no body can hold the process. It knows no API, no request and no clock: what a template
may see arrives as values. `apigateway` makes those values for a mapping template.

Follows Apache's VTL reference (https://velocity.apache.org/engine/1.7/vtl-reference.html), with the whitespace rule of
Velocity 2 (a line that holds nothing but directives leaves no trace).

Not done: #evaluate, #include, #parse (API Gateway has none), AppSync's #return, macro bodies ($bodyContent); a macro's
arguments are passed by value.
"""

from freehold.engines.vtl import apigateway
from freehold.engines.vtl.errors import VtlError
from freehold.engines.vtl.render import APACHE, Dialect
from freehold.engines.vtl.template import Template, compile
from freehold.engines.vtl.values import Host, JsonList

__all__ = ["APACHE", "Dialect", "Host", "JsonList", "Template", "VtlError", "apigateway", "compile"]
