"""The statistics of sector clusters: plain arrays in, figures with their intervals out. Knows NumPy and SciPy only.

Nothing here reads the database or knows of requests. Tables of counts have the shape sectors by regions. Days are
ordinals (``date.toordinal``), durations are months. No figure is ever NaN or infinite: what is not defined is ``None``
or, in an array, False in the mask ``known`` that comes with it. docs/clusters.md defines every figure.

Import from the modules: ``quotient``, ``shrinkage`` and ``disclosure`` load SciPy's solvers, which costs a process half
a second; the others do without.
"""
