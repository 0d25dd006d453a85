"""The product's settings, plus the bare pages it is measured against."""

from academy import settings as product

globals().update({name: value for name, value in vars(product).items() if name.isupper()})

ROOT_URLCONF = "bench.urls"
product.TEMPLATES[0]["DIRS"] = [
    product.BASE_DIR / "templates",
    product.BASE_DIR / "bench/templates",
]
