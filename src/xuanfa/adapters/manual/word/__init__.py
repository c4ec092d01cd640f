"""A Word document of the article, in the form of official documents: title centred in 2号, text in 三号仿宋, lines of 28 points.

Written by hand: some small files in a zip (ECMA-376, WordprocessingML), so that no library has to be installed for them.
"""

from xuanfa.adapters.manual.word.package import Properties, document

__all__ = ["Properties", "document"]
