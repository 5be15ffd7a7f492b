"""Service programmes: four shapes carry them all, a programme is configuration on a shape (architecture, idea 6).

`services` holds what the shapes share: the programme, the fields of its own, the budget, the steps, the doors. Each shape is
an app of its own (claims, orders, activities, places) that registers itself in `services.shapes` at start-up.
"""
