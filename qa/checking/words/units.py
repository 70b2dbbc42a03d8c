"""Scale words, units with conversion factors, rounding words."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

Rounding = Literal["", "about", "over", "under", "several"]

COUNTS = {
    "dozen": Decimal(12),
    "once": Decimal(1),
    "twice": Decimal(2),
    "thrice": Decimal(3),
    "both": Decimal(2),
    "half": Decimal("0.5"),
    "dutzend": Decimal(12),
    "douzaine": Decimal(12),
    "docena": Decimal(12),
    "zweimal": Decimal(2),
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
}
# Words of the parts of a whole, and how many of them make it.
PARTS = {
    "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "twelfth": 12, "twentieth": 20, "drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10,
    "tier": 3, "tercio": 3, "cuarto": 4,
}  # fmt: skip
PART_STEP = Decimal(4)  # points of a hundred, to half of which "a third" is meant
SCALES = {
    word: Decimal(10) ** power
    for power, words in (
        (2, "hundred hundreds hundert"),
        (3, "thousand thousands k tausend mille mil тысяч тыс 千"),
        (4, "万 萬"),
        (5, "lakh lakhs"),
        (6, "million millions mn mio millionen millones milioni miljoen milhões млн"),
        (7, "crore crores"),
        (8, "亿 億"),
        (9, "billion billions bn mrd milliarde milliarden milliard milliards miliardi miljard млрд"),
        (12, "trillion trillions tn"),
    )
    for word in words.split()
}
# Dimension, size in its base unit, words. Conversions are exact or to six figures; a month and a year are
# the mean of the Gregorian calendar.
_TABLE = (
    ("percent", "1", "% percent pct prozent"),
    ("points", "1", "points point pp"),
    ("per mille", "1", "‰"),
    ("dollars", "1", "$ dollar dollars usd"),
    ("euros", "1", "€ euro euros eur"),
    ("pounds", "1", "£ gbp sterling"),
    ("yen", "1", "¥ yen jpy"),
    ("rupees", "1", "₹ rupee rupees inr"),
    ("cents", "1", "cent cents"),
    ("length", "0.001", "mm millimetre millimetres millimeter millimeters"),
    ("length", "0.01", "cm centimetre centimetres centimeter centimeters"),
    ("length", "1", "m metre metres meter meters"),
    ("length", "1000", "km kilometre kilometres kilometer kilometers"),
    ("length", "0.0254", "inch inches"),
    ("length", "0.3048", "ft foot feet"),
    ("length", "0.9144", "yard yards yd"),
    ("length", "1609.344", "mile miles mi"),
    ("mass", "0.001", "mg milligram milligrams"),
    ("mass", "1", "g gram grams"),
    ("mass", "1000", "kg kilogram kilograms kilo kilos"),
    ("mass", "1000000", "tonne tonnes"),
    ("mass", "907185", "ton tons"),
    ("mass", "453.592", "lb lbs"),
    ("mass", "28.3495", "oz ounce ounces"),
    ("time", "1", "seconds sec"),
    ("time", "60", "minute minutes min mins minuten minutos"),
    ("time", "3600", "hour hours hr hrs stunde stunden heures hora horas"),
    ("time", "86400", "day days tag tage tagen jours jour día días dias"),
    ("time", "604800", "week weeks woche wochen semaine semaines semana semanas"),
    ("time", "2629746", "month months monat monate monaten monats mois meses"),
    ("time", "31556952", "year years yr yrs jahr jahre jahren jahres ans année années año años"),
    ("time", "315569520", "decade decades"),
    ("time", "3155695200", "centuries"),
    ("volume", "0.001", "ml millilitre millilitres milliliter milliliters"),
    ("volume", "1", "litre litres liter liters"),
    ("volume", "3.78541", "gallon gallons"),
    ("area", "10000", "hectare hectares ha"),
    ("area", "4046.86", "acre acres"),
    ("power", "1", "watt watts w"),
    ("power", "1000", "kw kilowatt kilowatts"),
    ("power", "1000000", "mw megawatt megawatts"),
    ("power", "1000000000", "gw gigawatt gigawatts"),
    ("data", "1", "kb kilobyte kilobytes"),
    ("data", "1000", "mb megabyte megabytes"),
    ("data", "1000000", "gb gigabyte gigabytes"),
    ("data", "1000000000", "tb terabyte terabytes"),
)
UNITS = {word: (kind, Decimal(size)) for kind, size, words in _TABLE for word in words.split()}
ROUNDINGS: dict[str, Rounding] = {
    word: way  # type: ignore[misc]  # mypy widens the literals of the tuple below to str
    for way, words in (
        (
            "about",
            "about around roughly approximately circa ca c some almost nearly near close nearing estimated",
        ),
        ("over", "over above exceeding exceeded least more"),
        ("under", "under below most fewer less"),
        ("several", "several few couple many"),
    )
    for word in words.split()
}
