"""Comes in: nothing. Goes out: what diagnostics of official texts and their drafts say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.diagnostic_texts.model import DiagnosticText, text_of

INTAKE: Final[Mapping[str, DiagnosticText]] = {
    "text-empty": text_of(
        "没有文字",
        "there are no words in this text",
        "请确认文件内容；扫描件需先做文字识别",
        "look into the file; scanned pages need their letters recognised first",
    ),
    "text-not-text": text_of(
        "不是文字文件：含有字符 $character",
        "this is not a text: it holds the character $character",
        "请另存为 UTF-8 编码的 .txt，或直接给出 .docx、.pdf、.html 文件",
        "save it as .txt in UTF-8, or give a .docx, .pdf or .html file",
    ),
    "text-too-large": text_of(
        "文件超过 $limit 字节",
        "the file is larger than $limit bytes",
        "请只保留办法本身，附表和图片另存",
        "keep the measure itself, and tables and pictures apart",
    ),
    "text-format-unknown": text_of(
        "不能读取「$suffix」格式的文件",
        "files of the kind `$suffix` cannot be read",
        "请另存为 .txt、.docx、.pdf 或 .html",
        "save it as .txt, .docx, .pdf or .html",
    ),
    "text-damaged": text_of(
        "文件无法按「$suffix」格式读取：$problem",
        "the file cannot be read as `$suffix`: $problem",
        "请用编写它的软件打开后重新保存，或另存为 .txt",
        "open it in its own program and save it again, or as .txt",
    ),
    "text-counts-itself": text_of(
        "段落编号由文字处理软件自动生成，不在文字之内",
        "paragraphs are numbered by the word processor, so their numbers are not in the text",
        "请先把自动编号转为文字，或另存为 .txt 或 .pdf",
        "turn the numbers into text first, or save it as .txt or .pdf",
    ),
    "reader-missing": text_of(
        "读取「$suffix」文件需要 $package，尚未安装",
        "reading `$suffix` files needs $package, which is not installed",
        "请运行 pip install 'voucher-rules[intake]'，或将文件另存为 .txt",
        "run pip install 'voucher-rules[intake]', or save the file as .txt",
    ),
    "too-many-provisions": text_of(
        "条款超过 $limit 条",
        "there are more than $limit provisions",
        "请把文本按附件或章分开",
        "part the text by its annexes or chapters",
    ),
    "draft-too-large": text_of(
        "该文本的草稿超出一个规则集的上限（$problem）",
        "the draft of this text is larger than a ruleset may be ($problem)",
        "请把文本按附件或章分开，分别起草",
        "part the text by its annexes or chapters and draft each",
    ),
    "file-exists": text_of(
        "文件「$path」已存在",
        "the file `$path` is there already",
        "请另取文件名，以免覆盖已写的内容",
        "choose another name, so that nothing written is lost",
    ),
    "ignored-twice": text_of(
        "本条款两次列出不计的「$text」",
        "`$text` is ignored twice in this provision",
        "请只保留一处",
        "keep one of the two",
    ),
    "still-to-do": text_of(
        "此处尚待填写",
        "this is still to be filled in",
        "以自己的话或条文所定的值代替 TODO",
        "put words of your own, or the value the document gives, in the place of TODO",
    ),
}
