"""Stop words and question words, which search ignores."""

from __future__ import annotations

# Question words and stop words are written folded. A word that means something in English stays out of the
# other languages' lists (die, war, hat, man, son, sin, pour, come, comment), and so does "us" (U.S.).
_QUESTION_WORDS = """
    who whom whose what which when where why how
    wer wen wem wessen wann wo woher wohin warum wieso weshalb wie welche welcher welches welchen
    qui quoi quand ou pourquoi quel quelle quels quelles combien
    quien quienes cuando donde cual cuales cuanto cuantos cuanta cuantas
    chi cosa quando dove perche quale quali quanto quanti
    quem onde porque qual quais
    wie wanneer waar waarom welke
    什么 什麼 怎么 怎麼 为什 為什 哪里 哪裡 哪个 哪個 多少 何时 何時 どこ なに なぜ いつ だれ
"""
_STOP_WORDS = """
    a about above after again against all also am an and any are aren arent as at be because been before
    being below between both but by can cannot cant could couldn couldnt d did didn didnt do does doesn
    doesnt doing don dont down during each either few for from further had hadn hadnt has hasn hasnt have
    haven havent having he her here hers herself him himself his i if in into is isn isnt it its itself
    just ll m may me might more most must my myself neither no nor not nt of off on once only or other our
    ours ourselves out over own per re s same shall shan she should shouldn shouldnt so some such t than
    that the their theirs them themselves then there these they this those through to too under until up
    upon ve very was wasn wasnt we were weren werent while will with within without won wont would wouldn
    wouldnt you your yours yourself yourselves

    der das den dem des ein eine einer eines einem einen und oder aber nicht ist sind waren wird werden
    wurde wurden im am an auf aus bei mit nach von vom zu zum zur fur ich du er sie es wir ihr sich auch
    als dass viel viele vielen gibt gab

    le la les un une des du de et est sont etait dans avec sur par ce cette ces il elle ils elles nous
    vous je ne pas au aux se sa ses leur leurs

    el los las una unos unas del y o en es eran fue con por para su sus al lo se que como hubo

    il gli uno dei degli delle della dello nel nella con per che sono e di da

    os um uma dos das na nas em foi ao aos com

    het een van op te aan bij voor met zijn werd niet ook door
"""
QUESTION_WORDS = frozenset(_QUESTION_WORDS.split())
STOP_WORDS = frozenset(_STOP_WORDS.split())
