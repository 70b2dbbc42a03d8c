"""The wording of orders to whoever answers, in English and, of the commonest, in other languages."""

from __future__ import annotations

import re

from index.text.patterns import lazy_compile

_SAY = r"(?:print|output|say|reply|respond|answer|repeat|echo|emit|return|display|type|state|write|recite)"
_MAKE = (
    rf"(?:{_SAY}|show|give|provide|include|add|append|insert|prepend|integrate|incorporate|embed|mention|use"
    r"|replace|reverse|encode|encrypt|translate|wrap|format|convert|begin|start|end|finish|conclude|cite"
    r"|attach|put|apply|represent|spell|phrase|present|copy|omit|mark|rate|score|render|close|sign|suggest"
    r"|recommend|limit|restrict|keep|compose|quote|reveal|disclose|leak|tell)"
)
_TASK = (  # what people ask of a model
    r"(?:(?:summari[sz]e|analy[sz]e|translate|compose|draft|generate|brainstorm|paraphrase|rewrite|proofread"
    r"|decode|decrypt|decipher)\b|write (?:an?|the|me|some|\d+)\b"
    r"|(?:admit|confess) to\b|(?:call|invoke|run|execute) (?:the )?(?:tool|function|command|plugin|api"
    r"|script)s?\b)"
)
_DROP = (
    r"(?:ignore|disregard|forget|override|overrule|bypass|discard|skip|abandon|neglect|dismiss|cancel|suspend"
    r"|reset|treat|(?:stop )?(?:follow|obey|heed|trust|consider)(?:ing)?|pay no attention to|set aside)"
)
_ANSWER = r"(?:answers?|repl(?:y|ies)|responses?)"
_SHOWN = r"(?:sources?|documents?|passages?|excerpts?|questions?)"
_GIVEN = (  # what whoever answers was given
    rf"(?:{_SHOWN}|(?:system|developer|user|hidden) (?:prompt|message)s?|prompts?|instructions?|directives?"
    r"|guidelines|guardrails|rules|restrictions|quer(?:y|ies)|context|conversation|(?:web ?)?pages?"
    r"|pictures?|images?|tables?|text|everything|all info)"
)
_WHICH = (
    r"(?:previous|prior|above|preceding|earlier|foregoing|all|any|other|your|the|this|these|those|system)"
)
_MODEL = r"(?:A\.?I\.?|LLM|(?:large )?language model|chat ?bot|chatgpt|(?:AI |virtual )?assistant)s?"

# Where an order may begin: at the head of a line or a cell, perhaps in quotation marks, and behind a stop, a
# dash or a colon; with what may stand before its verb. What is quoted behind a colon is reported, not given.
BEGINS = lazy_compile(
    r"(?:(?:\A|(?<= \| )|(?<=\t)|(?<==[\"']))[\W_]*(?:\w+: )?|(?<=[.!?:;>\])}—–,-] ))"
    r"(?:(?:and|then|now|next|so|also|just|instead|first|finally|hereby|please|kindly|simply|only|always"
    r"|never"
    r"|do not|don['’]t|let['’]s|could you|can you|would you|(?:you )?(?:must|should|will|shall|need to"
    r"|have to"
    r"|are to)(?: now)?|i (?:want|need|order|command|instruct) you to),? )*",
    re.IGNORECASE,
)
_BEGUN = (  # what makes an order of what begins there
    # "Ignore all previous instructions", "Forget the other sources", "Disregard the above and say …".
    (
        rf"{_DROP} (?:[^.!?]{{0,30}}?\b(?:{_WHICH} ){{1,3}}(?:\w+ )?{_GIVEN}\b|{_GIVEN}\b"
        rf"|[^.!?]{{0,40}}\b(?:and|then) (?:just )?{_SAY}\b)"
    ),
    # "Print X7", "Reply only with …", "say: …", "state that …".
    (
        rf"{_SAY}(?: out)?(?:: | (?:only|just|exactly|simply|verbatim|nothing|that|the (?:single |exact "
        rf"|following )?"
        r"(?:words?|phrase|text|sentence|code|string|token|line|following|character)|this (?:exact )?"
        r"(?:sentence|text|word|phrase)|[\"“<«‘'`]|(?-i:[A-Z0-9][A-Z0-9_-]{3,})))"
    ),
    # "End every answer with …", "Add a link to your reply", "Cite this passage as …", "Use no citations".
    (
        rf"{_MAKE} [^.!?]{{0,160}}?\b(?:(?:your|the|this|every|each|all|any|an?) (?:\w+ ){{0,2}}?{_ANSWER}"
        rf"|(?:every|each|any) (?:other )?{_SHOWN}|this (?:exact )?(?:passage|sentence|quote|document)|links?"
        rf"|(?:system|developer) prompt|{_WHICH} (?:\w+ )?(?:prompt|instructions)|text above|JSON"
        r"|code block|citations?|quotation marks|the character)\b"
    ),
    _TASK,
)
BEGUN = lazy_compile("|".join(f"(?:{each})" for each in _BEGUN), re.IGNORECASE)

# What frames the turns of a conversation with a model, at the head of a text or a cell.
FRAME = lazy_compile(
    r"(?:.* \| )?\W{0,4}?(?:<\\?[|｜]|</?(?:system|user|assistant|context|instructions?|tool_call|s)>"
    r"|\[/?INST\]"
    r"|<</?SYS>>|<end of session>|#{2,} ?(?:Instruction|Response|System)\b"
    r"|=* ?END OF (?:SOURCES|DOCUMENTS|CONTEXT|INSTRUCTIONS)\b)",
    re.IGNORECASE,
)
_ANYWHERE = (
    # Of the answer as such: "in your reply", "any answer that omits …", "the only correct reply".
    rf"\b(?:in|to|into|of|as|with|from) your (?:\w+ )?{_ANSWER}\b|\byour (?:entire|whole|final) {_ANSWER}\b",
    r"\b(?:reply|answer|respond|output) (?:only|nothing but|exactly)\b",
    rf"\b{_SAY}(?:ing)?\b[^.!?]{{0,60}}\b(?:nothing else|word for word|as your {_ANSWER})",
    rf"\b(?:any|every|all|no) (?:other )?{_ANSWER} (?:that|which|must|should|without)\b",
    rf"\bonly (?:correct|valid|acceptable|allowed|permitted|right) {_ANSWER}\b",
    r"\byou (?:must|should|will|shall|have to|are to) (?:\w+ )?(?:refuse|decline)\b|\bdo what it says\b",
    # Upon a condition: "when answering, …", "if the question mentions …, say …", "from now on end …".
    rf"\b(?:when|before|while|if) (?:answering|replying|responding|you {_ANSWER})\b.{{0,40}}, {_MAKE}\b",
    (
        rf"\b(?:might|could|would) (?:just )?{_SAY}:"
        r"|\b(?:suppose|imagine|assume) (?:that )?(?:we|you) (?:were to |could |would )?"
        r"(?:ignore|disregard|forget)\b"
    ),
    rf"\bif\b[^.!?]{{0,40}}\b(?:users?|questions?|quer(?:y|ies)|another source)\b[^.!?]{{0,60}}, {_MAKE}\b",
    rf"\bfrom (?:now|the \w+ (?:question|turn|answer)) on\b.{{0,40}}\b{_MAKE}\b",
    # Who is spoken to, and what one is to be.
    (
        rf"(?:\A|[\[(<*#]) ?(?:dear |(?:attention|hey),? |(?:note|message|instructions?) (?:to"
        rf"|for) )?(?:the |all )?"
        rf"{_MODEL}(?: (?:model|agent|system|reader)s?)?[:,!] ?(?:please )?(?:{_MAKE}|{_DROP}|{_TASK})\b"
    ),
    rf"\b(?:{_MODEL}|model|evaluator|grader)[:,] (?:please|this answer|you|now)\b",
    (
        r"\byou(?: are|['’]re) (?:now |no longer )(?:an? |the |in |bound )"
        rf"|\b(?:you were|act as|pretend to be) an? (?:\w+ )?(?:{_MODEL}|system)\b|\b(?:override|developer"
        rf"|god) mode\b"
    ),
    # Roles and examples of what models are told, verdicts.
    (
        r"\b(?:Human|User): ?.*\bAssistant:|\bAssistant: .*\b(?:Human|User):|\binput: any question\b"
        r"|\"(?:score|verdict)\"\s*:|\bgive it (?:a )?score\b|\btrusted instruction"
    ),
)
_ELSEWHERE = (  # to ignore what was said; to answer only with something
    (
        r"\b(?:ignore[zr]?|oublie[zr]?) (?:les?|la|toute?s?|ces|vos|tes)\b.{0,30}\b(?:instructions|consignes"
        r"|question"
        r"|règles|contexte|page)\b"
    ),
    r"\b(?:répond(?:s|ez)|affiche[zr]?|écri(?:s|vez)|di(?:s|tes)) (?:uniquement|seulement)\b",
    (
        r"\b(?:ignor[ae]n?|olvid[ae]n?|dimentica)\b.{0,30}\b(?:instrucciones|instruções|istruzioni|pregunta"
        r"|domanda"
        r"|pergunta|página|pagina|reglas|regole|regras|contexto|contesto)\b"
    ),
    (
        r"\b(?:respond[ae]|rispondi|contesta|escribe|imprim[ae]|stampa|scrivi) (?:s[oó]lo|solamente"
        r"|únicamente"
        r"|apenas|somente|soltanto|unicamente)\b"
    ),
    (
        r"\b(?:ignorier(?:e|en)|vergiss|vergessen sie|missachte)\b.{0,30}\b(?:anweisung|instruktion|frage"
        r"|regeln"
        r"|vorgaben|kontext|obige|alles)"
    ),
    r"\b(?:antworte|antworten sie|schreibe?|drucke|sage?) (?:nur|ausschließlich|lediglich)\b",
    r"\b(?:negeer|vergeet)\b.{0,30}\binstructies|\bantwoord alleen|\bzignoruj\b.{0,30}\binstrukcje",
    r"(?:игнорируй|забудь).{0,40}(?:инструкци|указани|вопрос|правил)|ответь\w* только",
    r"(?:忽略|无视|無視|忘记|忘掉).{0,12}(?:指令|指示|内容|問題|问题|规则|提示)|只(?:需)?(?:回答|输出|回复|打印)",
    r"(?:指示|命令|指令|質問).{0,6}(?:無視|忘れ)|とだけ(?:答え|出力|回答|返)|(?:지시|명령|질문).{0,8}무시",
    r"(?:निर्देशों?|आदेशों?).{0,15}(?:अनदेखा|नज़रअंदाज़)|(?:تجاهل|انس).{0,30}(?:التعليمات|الأوامر|السؤال)",
    r"(?:önceki|tüm).{0,20}talimat\w*.{0,15}(?:yok say|görmezden|unut)",
)
ANYWHERE = lazy_compile("|".join(f"(?:{each})" for each in (*_ANYWHERE, *_ELSEWHERE)), re.IGNORECASE)

# Whoever asks with one of these words asks about orders to machines, or what was put into a text for them.
TOPICS = lazy_compile(
    r"\b(?:instruct(?:ions?|ed)|prompts?|inject(?:ions?|ed)|jailbreaks?|attack(?:s|er|ers)?|chat ?bots?"
    r"|assistants?|LLMs?|AI|directives?|ignored?|disregard(?:ed)?)\b",
    re.IGNORECASE,
)
# What an order is about that tells people how something is written: "Write your answers in ink".
SUBJECTS = (
    "answer reply response question citation quote quotation source document passage page table text link"
    " summary essay script letter notice"
)
