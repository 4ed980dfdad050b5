"""A tiny data folder without problems, for tests to read, break and repair."""

import csv
import io
from pathlib import Path

from indicators.records.folder import format_folder
from indicators.records.topic import read_topic

INDICATORS = {
    "mil_posture": "military",
    "mil_signals": "military",
    "cyb_espionage": "cyber",
    "cyb_sabotage": "cyber",
}

TOPIC_ROWS = """\
key,value
title,Two-state tension indicators
short_name,Two-state tension
question,How tense are the two states?
description,Made-up indicators of tension between two states
citation,Two-state tension indicators
licence,CC BY 4.0
licence_title,Creative Commons Attribution 4.0
licence_url,https://creativecommons.org/licenses/by/4.0/
since,2022-06-01
since_title,after the first shock
"""

_TOPIC = read_topic(dict(row for row in csv.reader(TOPIC_ROWS.splitlines()[1:])))
assert _TOPIC is not None
TOPIC = _TOPIC

DIMENSIONS = """\
dimension,title,question,weight
military,Military posture,"How far do forces, arms and signals confront each other?",1
cyber,Cyber activity,How hostile is the conduct of the two states in networks?,1
"""

CODERS = """\
coder,description
c1,The first of two scorings made independently of each other.
c2,The second of two scorings made independently of each other.
"""

METHODS = """\
method,date,description,doubt_indicator,doubt_dimension,doubt_all
1.0,2024-01-01,Quarterly scoring against the anchors from cited events only.,,,
"""

EVENTS = """\
event,date,indicator,effect,fact,source_url,source_title,publisher,reliability,credibility,second_source_url,same_as
E0001,2024-01-10,mil_posture,raises,Two brigades moved towards the border.,https://example.org/1,Brigades move,Example Wire,A,1,https://example.net/1,
E0002,2024-02-10,mil_signals,raises,A nuclear drill was announced at short notice.,https://example.org/2,Drill announced,Example Wire,B,2,,
E0003,2024-03-10,cyb_espionage,raises,A ministry's mail was read for some months.,https://example.org/3,Mail read,Example Wire,B,2,,
E0004,2024-03-20,cyb_sabotage,context,"A port's network failed, for unknown reasons.",https://example.org/4,Port fails,Example Wire,C,3,,
E0005,2024-04-10,mil_posture,lowers,One of the two brigades went back to its barracks.,https://example.org/5,Brigade returns,Example Wire,A,2,,
E0006,2024-05-10,mil_signals,lowers,The drill ended and observers had been invited.,https://example.org/6,Drill ends,Example Wire,A,1,https://example.net/6,
E0007,2024-05-20,cyb_espionage,raises,Four agencies named the service behind the intrusion.,https://example.org/7,Service named,Example Wire,A,1,https://example.net/7,
E0008,2024-06-10,cyb_sabotage,raises,A power station was switched off from outside.,https://example.org/8,Power goes out,Example Wire,B,1,https://example.net/8,
E0009,2024-07-10,mil_posture,context,Both ministers spoke about the border by telephone.,https://example.org/9,Ministers speak,Example Wire,B,2,,
E0010,2024-08-10,mil_signals,context,The treaty's inspections stayed suspended.,https://example.org/10,No inspections,Example Wire,D,4,,
E0011,2024-08-20,cyb_espionage,lowers,A channel for warnings in cyber matters was opened.,https://example.org/11,Channel opened,Example Wire,E,5,,
E0012,2024-09-10,cyb_sabotage,lowers,No further failures were reported in the quarter.,https://example.org/12,Quiet quarter,Example Wire,F,6,,
"""

MILITARY = """\
date,indicator,score,low,high,rationale,events,coder,recorded,method
2024-03-31,mil_posture,6,5,7,"Two brigades near the border, as the anchor for 6 says.",E0001,c1,2024-07-01T09:00:00Z,1.0
2024-03-31,mil_posture,5.5,4.5,6.5,Two brigades moved but no new bases were opened.,E0001,c2,2024-07-01T10:00:00Z,1.0
2024-06-30,mil_posture,5,4,6,One brigade has returned and one remains in place.,E0001;E0005,c1,2024-07-01T09:00:00Z,1.0
2024-06-30,mil_posture,5,4,6,Half of the build-up has been taken back again.,E0005,c2,2024-07-01T10:00:00Z,1.0
2024-03-31,mil_signals,7,6,8,A nuclear drill at short notice is a clear signal.,E0002,c1,2024-07-01T09:00:00Z,1.0
2024-06-30,mil_signals,4,3,5,The drill ended in the open and with observers.,E0006,c1,2024-07-01T09:00:00Z,1.0
"""

CYBER = """\
date,indicator,score,low,high,rationale,events,coder,recorded,method
2024-03-31,cyb_espionage,4,3,5,One ministry was read for months without damage.,E0003,c1,2024-07-01T09:00:00Z,1.0
2024-03-31,cyb_espionage,4.5,3,6,One ministry was read and the service stayed unnamed.,E0003,c2,2024-07-01T10:00:00Z,1.0
2024-06-30,cyb_espionage,6,5,7,Four agencies name one service in public together.,E0003;E0007,c1,2024-07-01T09:00:00Z,1.0
2024-06-30,cyb_sabotage,8,7,9,"A power station was switched off, the anchor for 8.",E0008,c1,2024-07-01T09:00:00Z,1.0
2024-06-30,cyb_sabotage,7,6,8,"A power station was off, but only for some hours.",E0008,c1,2024-07-05,1.0
2024-06-30,cyb_sabotage,10,9,10,"Power was cut from outside, the worst on the scale.",E0008,c2,2024-07-01T10:00:00Z,1.0
2024-06-30,cyb_sabotage,,,,Withdrawn because the score rested on a misread report.,E0008,c2,2024-07-06T10:00:00Z,1.0
"""

FIGURES = """\
date,series,value,unit,source_url,publisher
2024-03-31,brigades_near_border,2,brigades,https://example.org/1,Example Wire
2024-06-30,brigades_near_border,1,brigades,https://example.org/5,Example Wire
"""

CLAIMS = """\
claim,section,text,test,subject,start,end,before_start,before_end,threshold,untested
stays-tense,introduction,Relations stay tense in the first half of the year.,stays_above,index,2024-01-01,2024-06-30,,,4,
posture-eases,military-cyber,Forces confront each other less by the summer.,falls,mil_posture,2024-04-01,2024-06-30,2024-01-01,2024-03-31,0.5,
networks-worse,military-cyber,Networks are more hostile than forces are.,larger_than,cyber;military,2024-01-01,2024-06-30,,,1,
record-high,outlook,Cyber tension has not been higher since the spring.,highest_since,cyber,2024-04-01,2024-06-30,2024-01-01,2024-03-31,,
"""

SOUND_CLAIMS = """\
claim,section,text,test,subject,start,end,before_start,before_end,threshold,untested
stays-tense,introduction,Relations stay tense in the second quarter.,stays_above,index,2024-04-01,2024-06-30,,,4,
posture-eases,military-cyber,Forces confront each other less by the summer.,falls,mil_posture,2024-04-01,2024-06-30,2024-01-01,2024-03-31,0.5,
networks-worse,military-cyber,Networks are more hostile than forces are.,larger_than,cyber;military,2024-04-01,2024-06-30,,,1,Who runs the networks.
record-high,outlook,Signals have not been stronger since the spring.,highest_since,mil_signals,2024-04-01,2024-06-30,2024-01-01,2024-03-31,,
"""
"""The same, about quarters that are settled in the tiny folder."""

ARTICLE = """\
# A short article

Retold from an article of this title.

## Introduction {#introduction}

Relations stay tense. [claim:stays-tense] They are old.

## Military and cyber {#military-cyber}

Forces stand back a little. [claim:posture-eases]
Networks do not. [claim:networks-worse]

## Diplomacy {#diplomacy}

The two sides talk.

## Economy {#economy}

Trade is small.

## Outlook {#outlook}

The peak may be behind us. [claim:record-high]

## Close {#close}

Time will tell.
"""

OUTSIDE = """\
date,series,value,unit
2024-03-31,GPR,101.5,index
2024-06-30,GPR,99,index
2024-03-31,TRADE,-3,USD million
"""

SOURCES = """\
series,file,title,publisher,licence,url,retrieved,start,end,frequency,notes
GPR,outside.csv,A risk index,Example Institute,CC BY 4.0,https://example.org/gpr,export of July 2024,2024-03-31,2024-06-30,quarterly,Counts newspaper articles.
TRADE,outside.csv,Trade balance,Example Institute,CC BY 4.0,https://example.org/trade,export of July 2024,2024-03-31,2024-03-31,quarterly,Goods only.
"""

PAIRS = """\
series,subject,role,nature,direction,reason
GPR,index,validation,flow,1,It counts articles about the two states.
GPR,military,validation,flow,1,Most of the articles are about forces.
TRADE,index,context,level,-1,Trade has many causes beside these two states.
OIL,cyber,context,level,1,Nobody has brought in this series yet.
"""

NOTES = """\
date,subject,series,text,author,recorded
2024-05-31,index,GPR,"Papers wrote of a treaty, which the codebook does not count.",c1,2024-07-02T09:00:00Z
2024-06-30,military,GPR,Papers wrote of a drill that had been announced before.,c2,2024-07-03
"""


PATHWAYS = """\
lever,title,indicator,low,mode,high,delay_days,rationale,instance
hot-line,Hot line,cyb_sabotage,-0.5,0,0.5,0,No event shows a hot line that ended a failure of a network.,
hot-line,Hot line,mil_signals,-2,-1,0,30,Notice of drills was given when the drill of spring ended.,E0006
observers,Observers,mil_posture,-1,-0.5,0,60,One brigade went back once observers had been invited.,E0005;E0006
"""

QUESTIONS = """\
question,text,subject,test,threshold,criteria,opened,closes,resolves,resolution,event,resolved,recorded
posture-spring,Will forces stand at 5 or higher at the end of June?,mil_posture,above,5,Answered by the reading of that day once it is assessed.,2024-03-31,2024-06-29,2024-06-30,,,,2024-07-03T08:00:00Z
channel-opens,Will a channel for warnings be opened by the end of August?,,,,Yes if an event on record says that a channel was opened.,2024-07-02,2024-08-15,2024-08-31,,,,2024-07-02T08:00:00Z
channel-opens,Will a channel for warnings be opened by the end of August?,,,,Yes if an event on record says that a channel was opened.,2024-07-02,2024-08-15,2024-08-31,yes,E0011,2024-08-20,2024-08-21T08:00:00Z
index-winter,Will the index rise by half a point until the end of the year?,index,rises,0.5,Answered by the readings of both days once they are assessed.,2024-07-02,2024-12-30,2024-12-31,,,,2024-07-02T08:00:00Z
"""

FORECASTS = """\
question,coder,date,probability,rationale,recorded
channel-opens,c1,2024-07-02,0.4,Talks about it have gone on since the spring.,2024-07-02T09:00:00Z
channel-opens,c1,2024-08-01,0.8,Both sides have named the people who will staff it.,2024-08-01T09:00:00Z
channel-opens,c2,2024-07-02,0.3,Such talks have failed three times before this.,2024-07-02T10:00:00Z
index-winter,c1,2024-07-02,0.2,The index has been rising more slowly of late.,2024-07-02T09:00:00Z
index-winter,c1,2024-07-02,0.25,Corrected after a slip of the pen in the first row.,2024-07-03T09:00:00Z
index-winter,c2,2024-07-05,0.6,"Three of four indicators rose, and none fell much.",2024-07-05T10:00:00Z
posture-spring,c1,2024-03-31,0.7,"Written later, from what was known in March alone.",2024-07-03T09:00:00Z
"""

FEEDS = """\
feed,title,url,publisher,reliability,must,must_not,state,documented,note
example-wire,Example Wire,https://example.org/feed.xml,Example Wire,A,border;drill;ministry,,on,https://example.org/feeds,
second-wire,Second Wire,https://example.net/feed.json,Second Wire,B,,football,off,https://example.net/about,Its terms are unclear.
"""

ITEMS = """\
item,date,title,url,publisher,feed,found,proposed
I0000000001,2024-07-04,A brigade goes back to the border,https://example.net/a,Second Wire,second-wire,2024-07-05T06:00:00Z,mil_posture
I0000000001,2024-07-04,Brigade is on its way back to the border,https://example.org/a,Example Wire,example-wire,2024-07-05T06:00:00Z,mil_posture;mil_signals
I0000000002,2024-07-05,Ministry speaks of a new drill,https://example.org/b,Example Wire,example-wire,2024-07-06T06:00:00Z,mil_signals
"""

DECISIONS = """\
item,decision,event,reason,coder,recorded
I0000000001,event,E0009,,c1,2024-07-11T09:00:00Z
I0000000002,dismissed,,It repeats an older statement.,c1,2024-07-11T09:05:00Z
"""

LOOKED = """\
indicator,start,end,found,note,coder,recorded
cyb_sabotage,2024-04-01,2024-06-30,1,Two papers read through.,c1,2024-07-01T08:00:00Z
mil_posture,2024-04-01,2024-06-30,0,,,2024-07-01
"""


def _indicators() -> str:
    rows = [
        f"{id},{dimension},{id[4:].title()},What is observed in the quarter and what counts for it.,1,quarter"
        for id, dimension in INDICATORS.items()
    ]
    return "\n".join(["indicator,dimension,title,definition,weight,window", *rows, ""])


def _anchors() -> str:
    rows = [
        f"{id},{score},What must be the case in the quarter for a score of {score}."
        for id in INDICATORS
        for score in (0, 2, 4, 6, 8, 10)
    ]
    return "\n".join(["indicator,score,anchor", *rows, ""])


FILES: dict[str, str] = {
    "codebook/topic.csv": TOPIC_ROWS,
    "codebook/dimensions.csv": DIMENSIONS,
    "codebook/indicators.csv": _indicators(),
    "codebook/anchors.csv": _anchors(),
    "codebook/coders.csv": CODERS,
    "codebook/methods.csv": METHODS,
    "events.csv": EVENTS,
    "scores/military.csv": MILITARY,
    "scores/cyber.csv": CYBER,
    "evidence/military.csv": FIGURES,
    "narrative/claims.csv": CLAIMS,
    "narrative/article.md": ARTICLE,
    "outlook/pathways.csv": PATHWAYS,
    "benchmarks/outside.csv": OUTSIDE,
    "benchmarks/sources.csv": SOURCES,
    "benchmarks/pairs.csv": PAIRS,
    "benchmarks/notes.csv": NOTES,
    "outlook/forecasts.csv": FORECASTS,
    "outlook/questions.csv": QUESTIONS,
    "inbox/feeds.csv": FEEDS,
    "inbox/items.csv": ITEMS,
    "inbox/decisions.csv": DECISIONS,
    "inbox/looked.csv": LOOKED,
    "method.md": "# Method\n\nScores against anchors.\n",
    "README.md": "# Data\n\nA folder for tests.\n",
}
"""The files of the folder in canonical form, without ``datapackage.json``."""


def write_folder(path: Path, **changes: str | bytes | None) -> Path:
    """Write a folder without problems, then put other content in some files (``None`` removes one); return its path.

    Files are named with their folder: ``write_folder(path, **{"scores/cyber.csv": None})``.
    """
    for name, text in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(text.encode())
    format_folder(path, write=True)
    for name, content in changes.items():
        if content is None:
            (path / name).unlink()
        else:
            (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_sound_folder(path: Path, **changes: str | bytes | None) -> Path:
    """Write a folder whose claims rest on readings, too: one that the app shows; return its path."""
    return write_folder(path, **{"narrative/claims.csv": SOUND_CLAIMS, **changes})


def change_cell(text: str, line: int, column: str, value: str) -> str:
    """Return a file's text with one cell replaced; ``line`` is the file's own (header = 1)."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    rows[line - 1][rows[0].index(column)] = value
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their path in it; a save's lock aside."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
