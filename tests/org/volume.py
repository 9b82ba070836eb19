"""Lists of any size: units in a tree, five posts each, people with one post each."""

from internal_bridge.org.demo.names import invented_names


def units_csv(count: int) -> bytes:
    """``count`` units, every tenth below the city and nine below each of those."""
    rows = ["code,name,short_name,parent,kind,duties,accepts_petitions"]
    for number in range(count):
        parent = "yls" if number % 10 == 0 else f"u{number - number % 10}"
        rows.append(f"u{number},第{number}单位,{number}单位,{parent},institution,职责一;职责二,true")
    return "\n".join(rows).encode()


def posts_csv(units: int) -> bytes:
    """Five posts in each unit."""
    rows = ["unit_code,department,post,rank,headcount"]
    rows += [f"u{unit},科室{post % 2},岗位{post},一级科员,20" for unit in range(units) for post in range(5)]
    return "\n".join(rows).encode()


def people_csv(units: int, count: int) -> bytes:
    """``count`` people with a login each."""
    rows = ["staff_number,name,unit_code,department,post,main,duties,office_phone,mobile,email,place,username"]
    for number, name in enumerate(invented_names(count, seed=1, taken=set())):
        post = number % 5
        place = f"u{number % units},科室{post % 2},岗位{post}"
        contact = f"0788-3{number:06d},139 0000 {number:04d},p{number}@example.org"
        rows.append(f"V{number:05d},{name},{place},true,,{contact},{number % 900} 室,user{number}")
    return "\n".join(rows).encode()
