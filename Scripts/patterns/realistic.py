"""Patterns as code has them, and texts that fit one or another."""
import re

TEXTS = [
    "2024-01-31 and 31/12/1999, 12:34:56Z or 2023-02-30T08:15:00+02:00",
    "john.doe+spam@mail.example.co.uk, <a@b.io>; not@valid, @x.com user_1@host-name.org",
    "https://www.example.com:8080/a/b.html?q=1&r=%20x#frag http://x.y ftp://files.z/ mailto:a@b.c www.test.org",
    "key=value; other = 'quoted value' ;empty=;num=12,flag\nname: \"Bob\"\n# comment\n[section]\nx=1\n",
    "def foo(bar, *, baz=1.5e-3): return bar + baz ** 2 != 0x1F  # trailing\nclass A(B): pass\n",
    "v1.2.3-alpha.1+build.5 1.0 10.20.30 2.0.0-rc1 v3 1.2.3.4 192.168.0.1 255.255.255.256",
    "Hello World  this is   a  TestCase someCamelCaseName HTTPServerError snake_case_name kebab-case-name",
    "  leading and trailing  \n\n\tTabbed\tline\r\nWindows line\r\n",
    "<div class=\"a b\" id='x'><p>Text <b>bold</b></p><br/></div> <!-- note --> &amp; &#39;",
    "+1 (555) 123-4567, 555.123.4567 x89, 00441234567890, (02) 9999 8888",
    "$1,234.56 €99 -42 +3.14 1e10 .5 0.001 1_000_000 0b101 0o17 0xFFff",
    "aaa bbb abab ababab aabbaa racecar noon xyzzy 'it''s' \"he said \\\"hi\\\"\"",
    "Été à la Straße – naïve café № 5 ²½ ١٢٣ привет МИР 日本語 ΣΊΣΥΦΟΣ",
    "[INFO] 2024-05-06 07:08:09,123 module.name: message (id=42) [WARN] x ERROR: failed after 3 retries",
    "#fff #A1B2C3 #12345 rgb(1, 2, 3) hsl(120,50%,50%) #hashtag @mention @other_user",
    "SELECT * FROM t WHERE a='b' AND c>=10 -- note\n{\"a\": [1, 2.5, null], \"b\": true}",
    "C:\\dir\\file.txt /usr/local/bin/python3.11 ./rel/../path/file.tar.gz ~/x.y *.py",
    "**bold** *it* `code` [link](http://a.b/c) ![img](x.png) # Title\n## Sub\n- item\n1. one\n> quote\n---\n",
    "ATGCGATTAACGTAG GATTACA 4111 1111 1111 1111 550e8400-e29b-41d4-a716-446655440000",
    "", "a", "\n", "foo\n", "MCMXCIV IIII XL", "AB-1234 XYZ 987 zip 12345-6789 SW1A 1AA", "{{name}} ${var} %(x)s {0} {a.b[c]!r:>10} %5.2f %%",
]

REALISTIC = r"""
\d{4}-\d{2}-\d{2}
(\d{4})-(\d\d)-(\d\d)
(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>[12]\d|0[1-9]|3[01])
(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{2,4})
(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?
(\d+):(\d+)(?::(\d+))?
\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})
^\s+|\s+$
\s+
[^\w\s-]
[-\s]+
[^a-z0-9]+
^[a-z0-9]+(?:-[a-z0-9]+)*$
[\w.+-]+@[\w-]+\.[\w.-]+
^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$
([a-z0-9_.+-]+)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)
(?P<user>[^@\s]+)@(?P<host>[^@\s]+)
<([^<>@]+@[^<>]+)>
https?://\S+
https?://(?:www\.)?[-\w@:%.+~#=]{1,256}\.[a-z]{1,6}\b(?:[-\w@:%+.~#?&/=]*)
(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/:?#\s]+)(?::(?P<port>\d+))?(?P<path>/[^?#\s]*)?(?:\?(?P<query>[^#\s]*))?(?:#(?P<frag>\S*))?
^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?
([^?&=#]+)=([^&#]*)
(\w+)=(\w*)
(\w+)\s*=\s*("[^"]*"|'[^']*'|[^;,\s]+)
^\s*([\w.-]+)\s*[:=]\s*(.*?)\s*$
^\s*[#;].*$
^\[([^\]]+)\]$
(?P<key>[^=\s]+)\s*=\s*(?P<value>.*)
"([^"\\]|\\.)*"
"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'
(['"])(.*?)\1
(["'])((?:\\\1|(?!\1).)*)\1
'(?:[^']|'')*'
[A-Za-z_]\w*
\b[A-Za-z_][A-Za-z0-9_]*\b(?=\s*\()
(?P<number>\d+(?:\.\d*)?)|(?P<name>[A-Za-z_]\w*)|(?P<op>[-+*/=<>!]+)|(?P<ws>\s+)|(?P<other>.)
\s*(?:(\d+)|(.))
(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?
[-+]?(?:\d*\.\d+|\d+)(?:[eE][-+]?\d+)?
0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+
\b\d+\b
(?<!\d)\d{3}(?!\d)
(?<=\d)(?=(?:\d{3})+(?!\d))
(\d)(?=(\d{3})+$)
\d{1,3}(?:,\d{3})*(?:\.\d+)?
\$(\d+(?:,\d{3})*)\.(\d\d)
[$€£]\s?\d+
def\s+(\w+)\s*\(([^)]*)\)
class\s+(?P<name>\w+)(?:\((?P<bases>[^)]*)\))?:
(?m)^(\s*)(def|class)\s
#.*$
(?m)#.*$
//.*?$|/\*.*?\*/
^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$
v?(\d+)(?:\.(\d+))?(?:\.(\d+))?
(?P<major>0|[1-9]\d*)\.(?P<minor>0|[1-9]\d*)\.(?P<patch>0|[1-9]\d*)
(\d+\.)*\d+
^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$
\b(?:\d{1,3}\.){3}\d{1,3}\b
(.)([A-Z][a-z]+)
([a-z0-9])([A-Z])
(?<!^)(?=[A-Z])
[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+
_([a-z])
(?:^|_)(\w)
[-_](.)
\b(\w)(\w*)\b
\b\w
\w+(?:'\w+)?
\W+
(\w+)\s+\1
\b(\w+)\b(?=.*\b\1\b)
(.)\1+
(.)\1
(..)\1
^(.)(.).?\2\1$
(\w)(\w)?(\w)?.?(?(3)\3)(?(2)\2)\1
(ab)+
(a|b)*
(?:a|b)*?b
a{2,3}
(a+)+b
(a*)*
(a*)+
(a|ab)(c|bcd)(d*)
^(?:\s*|#.*)$
\n{2,}
\r\n|\r|\n
\r?\n
(?m)^[ \t]+
(?m)[ \t]+$
[ \t]+(?=\n|$)
\t
^
$
(?m)^
(?m)$
\b
\B
x*
(?:)
\A\s*\Z
.*
.+?
(?s).*
(?s).+?\n
[^,;\n]+
\s*[,;]\s*
[,;|]
,(?=(?:[^"]*"[^"]*")*[^"]*$)
<[^>]+>
<(\w+)([^>]*)>(.*?)</\1>
</?([a-z]+)[^>]*?/?>
<!--.*?-->
(\w+)=(["'])(.*?)\2
&(?:#(\d+)|(\w+));
&#?\w+;
\+?\d[\d -]{7,}\d
\(?(\d{3})\)?[-. ]?(\d{3})[-. ]?(\d{4})(?:\s*x(\d+))?
^\+?1?\s*\(?(\d{3})\)?
#(?:[0-9a-fA-F]{3}){1,2}\b
#(\w+)
(?<!\w)@(\w+)
rgb\((\d+),\s*(\d+),\s*(\d+)\)
^\[(?P<level>[A-Z]+)\]\s+(?P<date>\S+)\s+(?P<time>[\d:,]+)\s+(?P<logger>[\w.]+):\s+(?P<msg>.*)$
\[(INFO|WARN|ERROR)\]
(?i)error:?\s*(.*)
(?i:info|warn)\b
(?i)\bselect\b|\bfrom\b|\bwhere\b
--.*
\{\{\s*(\w+)\s*\}\}
\$\{(\w+)\}|\$(\w+)
%\((\w+)\)s
%(?:\((\w+)\))?([-+#0 ]*)(\d+|\*)?(?:\.(\d+|\*))?([diouxXeEfFgGcrs%])
\{([^{}!:]*)(?:!([rsa]))?(?::([^{}]*))?\}
\[([^\]]+)\]\(([^)]+)\)
!\[([^\]]*)\]\(([^)]+)\)
\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`
(?m)^(#{1,6})\s+(.*)$
(?m)^\s*(?:[-*+]|\d+\.)\s+(.+)$
(?m)^>\s?(.*)
^(?:---|\*\*\*)$
[^/\\]+$
\.[^./\\]+$
^(.*?)(\.[^.]*)?$
^(?P<stem>.+?)(?P<ext>(?:\.\w+)*)$
(?:\.\./|\./|/)?(?:[\w.-]+/)*[\w.-]+
[A-Z]{2,3}-\d{3,4}
\b\d{5}(?:-\d{4})?\b
\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b
^M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$
(?:ATG)(?:[ACGT]{3})*?(?:TAG|TAA|TGA)
GATTA?
(?=(A[CGT]))
\b(?:\d[ -]*?){13,16}\b
[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}
^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$
^(?!.*foo).*$
(?<=\$)\d+
(?<![\w.])\d+(?![\w.])
(?P<q>['"])?\w+(?(q)(?P=q))
(<)?(\w+@\w+(?:\.\w+)+)(?(1)>)
(?x) (\d+)  # digits
(?x) ^ \s* (?P<a> \w+ ) \s* [=:] \s* (?P<b> .* ) $
[àâäéèêëîïôùûüç]+
(?i)[а-яё]+
[^\x00-\x7F]+
[\u4e00-\u9fff]+
(?i)straße
(?i)σίσυφος
(?a)\w+
(?a)[^\W\d_]+
[^\W\d_]+
[aeiou]
(?i)[^aeiou\W]
\d++(?!\.)
(?>\d+)\.
\w*+-
(?:[a-z]+_)*+[a-z]+
[\]\[\-^]
[]\[]
[.\-+*?]
null|true|false|-?\d+(?:\.\d+)?|[\[\]{}:,]|"[^"]*"
((?:[^,()]|\([^)]*\))+)
\(([^()]*)\)
(\([^()]*\)|[^()\s])+
(?:(?:a|b)|(c)|\d)+?\s
((a)|(b))+
(?:(a)|b)*
(?:(?:(a)|(b))c?)*
""".strip("\n").split("\n")


def realistic_cases(rng):
    for pattern in REALISTIC:
        for text in TEXTS:
            yield pattern, rng.choice([0, 0, 0, int(re.I), int(re.M), int(re.S), int(re.A)]), text
