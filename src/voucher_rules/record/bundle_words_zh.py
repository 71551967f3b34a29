"""Comes in: nothing. Goes out: what the page of a bundle says in Chinese."""

from __future__ import annotations

from typing import Final

from voucher_rules.record.bundle_wording import PageWords, StepWords

ZH: Final = PageWords(
    title=(
        "# 手工核验本决定包\n"
        "\n"
        "本包存有一项已记录的决定，以及日后离线核验所需的一切：日志中的那一行、它在日志中的"
        "证明、检查点及其签名和时间戳、"
        "所依据的规则，以及后来涉及该决定的记录。以下步骤只需 POSIX shell、coreutils、"
        "`unzip` 与 OpenSSL 3，不需网络，"
        "也不需生成本包的程序。\n"
        "\n"
        "请在同一个 shell 中依次执行。每条命令应显示 `ok`、`OK`、`Verification: OK` 或 "
        "`Signature Verified Successfully`；凡出现 `FAILED` 或其他错误，该步即未通过。本页"
        "与包内其他文件来自同一人之手："
        "命令请先读后行；下表中的数值，请与您从别处得到的相比。"
    ),
    facts={
        "head": "本包",
        "log": "日志",
        "entry": "记录序号",
        "recorded": "记录时间",
        "entry_digest": "记录的摘要",
        "decision_digest": "决定的摘要",
        "law": "规则与版本",
        "decision": "所问",
        "as_of": "适用日",
        "outcome": "记录的结果",
        "fate": "此后",
        "erased": "擦除",
        "size": "检查点所含记录数",
        "issued": "检查点签发时间",
        "checkpoint": "检查点的摘要",
    },
    steps={
        "unpack": StepWords(
            title="解包",
            shows="请将 `bundle.zip` 换成您手中文件的名称，解到一个空文件夹。",
            leaves="",
        ),
        "tools": StepWords(
            title="工具",
            shows=(
                "以下各步所用的函数：`digest` 取某类内容的摘要，`says` 查文件中有无某段文字，"
                "`same` 比较两值。"
            ),
            leaves="",
        ),
        "sums": StepWords(
            title="文件完好",
            shows="各文件与清单所列一致，即传递、保存之中没有损坏。",
            leaves="不能说明什么未被人改动：能改文件的人，也能改清单。",
        ),
        "decision": StepWords(
            title="决定属于这条记录",
            shows=(
                "`entry.json` 是日志中的原行；其中写有 `body.json`（事实、规则、结果）的摘"
                "要，`body.json` 中又写有推理过程的摘要（如保存了过程）。"
            ),
            leaves="不能说明事实属实，也不能说明结果算得对。",
        ),
        "inclusion": StepWords(
            title="记录在日志之中",
            shows=(
                "自这一行起，逐层与 `proof/` 中的散列合并（RFC 6962），所得即检查点中的根。"
                "换一行、换一份证明，都得不出这个根。"
            ),
            leaves="不能说明检查点是真的：见以下各步。",
        ),
        "log": StepWords(
            title="",
            shows="检查点写有日志首行的摘要，即它是这份日志的检查点。",
            leaves="",
        ),
        "checkpoint": StepWords(
            title="检查点是公布的那一份",
            shows=(
                "第一条命令说明 `checkpoint.dsse.json` 载有同一检查点。第二条显示检查点的摘"
                "要，应为\n"
                "`$digest`。"
            ),
            leaves=(
                "请与当时另行保存检查点的人（上级、审计机关、公开处）所持的摘要核对：相同，"
                "才说明日志自那时起未被重写。仅凭本包不能说明这一点。"
            ),
        ),
        "unsigned": StepWords(
            title="签名",
            shows="检查点没有签名。谁签发了它，只能由持有检查点的人说明。",
            leaves="",
        ),
        "signatures": StepWords(
            title="签名",
            shows=(
                "所签的是 `checkpoint.pae`（DSSE 编码的检查点）；各签名由日志所列的该把公钥"
                "签出。`sha256sum` 显示公钥文件的指纹。"
            ),
            leaves=(
                "公钥出自本包，只能说明同一人之手：请与从签发者处另行得到的公钥或指纹核对。"
                "公钥当时是否有效，见 `header.json` 中的 `from` 与 `until`。"
            ),
        ),
        "unknown_keys": StepWords(
            title="",
            shows="日志没有列出这些公钥，须另行取得：$keys。",
            leaves="",
        ),
        "unstamped": StepWords(
            title="时间戳",
            shows="检查点没有时间戳：签发时间只是签发者自己的说法。",
            leaves="",
        ),
        "stamp": StepWords(
            title="时间戳",
            shows=(
                "时间戳机构（RFC 3161）证明：检查点在所显示的时刻已经存在。按该时刻核验，证"
                "书其后到期无妨。"
            ),
            leaves=(
                "`$roots` 应是您信任的根证书：若出自本包，请与该机构公布的证书核对。记录进"
                "入日志早于检查点，早多少则不能由此说明。"
            ),
        ),
        "unrelated": StepWords(
            title="后来的记录",
            shows="本包没有后来涉及该决定的记录。",
            leaves=(
                "不能说明没有这样的记录：证明只能说明有，不能说明没有。请向日志保管者要求重"
                "放整个日志。"
            ),
        ),
        "related": StepWords(
            title="后来的记录：第 $seq 条",
            shows=(
                "第 $seq 条记录（`$kind`）涉及第 $refers 条的决定，也在同一检查点的日志之中："
                "`correction` 为更正，`redecision` 为重新决定，`revocation` 为撤销，"
                "`erasure` 为抹除隐去内容的依据。"
            ),
            leaves="不能说明此外再无别的记录。",
        ),
        "key_change": StepWords(
            title="公钥变更：第 $seq 条",
            shows="第 $seq 条记录（`$kind`）变更日志的公钥，也在同一检查点的日志之中。",
            leaves="其本身的签名在此不作核验，由程序核验。",
        ),
        "laws": StepWords(
            title="所依据的规则",
            shows=(
                "`body.json` 写有规则文件、通知与工作日历的 SHA-256，与 `rulesets/` 中的文件一致。"
            ),
            leaves="不能说明这些规则与正式文件相符：规则逐条注明所依据的条文，可自行对照。",
        ),
        "rewritten": StepWords(
            title="",
            shows="此文件内容与所记相同而排版或注释不同，只有程序能说明：$files。",
            leaves="",
        ),
        "used": StepWords(
            title="",
            shows="此为所调用的规则，记录按其含义而非字节记其摘要，只有程序能核对：$files。",
            leaves="",
        ),
        "openings": StepWords(
            title="隐去的内容",
            shows="`openings/` 中的盐与文字，正是记录时承诺的那些。其中有个人信息，请妥善保管。",
            leaves="",
        ),
    },
    last=(
        "## 手工不能说明的\n"
        "\n"
        "- 按这些规则和事实重新决定，结果是否相同：须由程序核验，"
        "`voucher-rules check-bundle bundle.zip`；\n"
        "  它只用包内的规则，不需网络。\n"
        "- 事实是否属实、规则是否忠于条文：须由人判断。\n"
        "- 日志中有没有其他涉及该决定的记录：须重放整个日志。"
    ),
    language="zh",
    fates={
        "stands": "包中没有取代或撤销它的记录",
        "replaced": "已由第 $by 条取代",
        "revoked": "已由第 $by 条撤销",
        "erased": "可打开所隐去事实的盐值，见第 $by 条",
    },
)
