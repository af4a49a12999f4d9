"""Words that say nothing of what is asked, without accents. Kept short: ranking already knows which words are rare."""

from __future__ import annotations

_CATALAN = """
a al als amb aquest aquesta aquestes aquests aixo allo com d de del dels des doncs el ella elles ells els em en ens
entre era es esta estan et fa fan fins ha han has hem heu hi ho i ja jo l la les li lo los m mes meu meva molt n na ni
no nosaltres nos o on ones pel pels per perque pero poc poden podem podeu podria pot pots puc que quan quant quants
quanta quantes quin quina quines quins qui s sa se sense ser seu seus seva seves si sobre soc som son sota sou t te
tenim tenir tens tinc tot tota totes tots tu un una uns unes us va vaig vam van vau vol volem voleu vull vosaltres fer
faig fem feu cal caldria hauria ara aqui alla
"""
_SPANISH = """
a al algo con como cual cuando de del desde donde el ella ellas ellos en entre era es esta este esto estos estas fue ha
hace hacer hay la las le les lo los mas me mi muy no nos o para pero por porque puede podemos pueden puedo que quien se
sea ser si sin sobre son su sus te tiene tenemos un una uno unos unas y ya yo
"""
_ENGLISH = """
a an and are as at be by can do does for from has have how i if in is it its my of on or our so than that the their
there they this to was we what when where which who why will with you your
"""

STOP_WORDS = {
    language: frozenset(words.split()) for language, words in {"ca": _CATALAN, "es": _SPANISH, "en": _ENGLISH}.items()
}
