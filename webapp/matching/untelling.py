"""Words that are rare enough to look telling and yet say nothing of what a company does: numbers, adverbs, small verbs.

They count in the score like any other word; they are only never named as a reason.
"""

from __future__ import annotations

from webapp.language import analyze

_TEXT = """
deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante soixante cent
cents mille demi moitié tiers quart premier première dernier dernière aussi mal bien très trop peu beaucoup
assez moins autant jamais toujours souvent encore déjà puis ensuite alors ainsi quand comme selon chez entre
pendant avant après depuis près loin autre autres tout toute tous toutes chaque chacun chacune même seul seule
rien fait faire reste va veut peut doit dit ans an mois semaine semaines jour jours matin soir fois temps
simple court courte courtes long longue bon bons bonne petit petite grand grande jeune jeunes fonds coûte
trouver suivent suit près rendez

two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred
thousand half third quarter first last next per also never always often only more less most many much few very
too again already then when while during before after between under over into outside without within about
around all any each every other another same own do does did can could would should may must will know knows
come comes give gives left want wants find ask asks answer gets get go goes make makes makers take takes short
long good small large real free left round nothing years year months month weeks week days day morning night
evening time times ago well home leaves working former

واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين
ستون ستين مئة مائة ألف نصف ثلث ربع أول أولى آخر أخيرة أيضا أبدا دائما غالبا مرة مرات إلا لكل لها له لهم بها به
حول خارج داخل خلال قرب غاية تضم تعد يطلب سنة سنوات شهر أشهر شهور أسبوع أسابيع يوم يوما أيام صباح مساء دقيقة
قصيرة طويلة كبيرة صغيرة جديدة السابقة المناسب الفتية نحو أكثر أقل جدا فقط حين عندما بدل دون
"""

UNTELLING = frozenset(analyze(_TEXT))
"""The stems of these words."""
