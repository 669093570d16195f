"""Words that say nothing of what a text is about, folded. Small on purpose: names must stay findable.

A text of either Latin language loses the words of both.
"""

from __future__ import annotations

from webapp.language.normalize import fold

_TEXT = """
في من على إلى عن مع هذا هذه هذان ذلك تلك هؤلاء التي الذي الذين اللواتي ما لا أن إن أنه أنها كان كانت يكون تكون
هو هي هم هما نحن أنا أنت أنتم ثم أو و قد لم لن ليس ليست كل بعض قبل بين حتى كما لكن منذ عند لدى ضد نحو غير
حيث إذا إذ لو أي أيضا جدا فقط مثل عبر خلال حول ضمن لأن كي سوف هنا هناك بينما عندما كيف ماذا هل إلا أما
وفي ومن وعلى وإلى وعن ومع وهذا وهذه وذلك وتلك والتي والذي وما ولا وأن وإن وكان وكانت وهو وهي وهم ولكن وقد ولم ولن وكل
وكما وأيضا وحتى وغير وبين وعبر وعند وحيث فهو فهي فإن لهذا لهذه بهذا بهذه لذلك بذلك كذلك مما عما فيما بما لما كلما
به بها بهم بنا له لها لهم لنا لكم لك فيه فيها فيهم منه منها منهم منا عليه عليها عليهم علينا إليه إليها إليهم إلينا
عنه عنها عنهم معه معها معهم معنا لديه لديها لديهم لدينا بينها بينهم

le la les l un une des d de du et en au aux que qui quoi dont dans pour par sur ce cet cette ces c se s ne n pas
il elle ils elles nous vous je j tu t on son sa ses leur leurs mon ma m mes notre nos votre vos est sont été avec
sans ou mais donc ni si plus y

the a an of and to in is it for that this these those with as by at from be are was were or not but have has had he
she they you i we his her its our your their which who
"""

STOP_WORDS = frozenset(fold(_TEXT).split())
