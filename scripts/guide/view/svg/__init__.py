"""Figures drawn as inline SVG. `DRAW` is what a component's template may draw of its value."""

from guide.view.svg.calendar_chart import draw_calendar
from guide.view.svg.forest_plot import draw_interval
from guide.view.svg.pathway_diagram import draw_pathway
from guide.view.svg.people_chart import draw_people
from guide.view.svg.shapes import draw_axis
from guide.view.svg.timeline_chart import draw_dot

DRAW = {
    function.__name__: function
    for function in (
        draw_axis,
        draw_calendar,
        draw_dot,
        draw_interval,
        draw_pathway,
        draw_people,
    )
}
