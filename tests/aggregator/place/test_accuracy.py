"""Real addresses of public buildings and venues, as calendars write them -> town and precision."""

import pytest

from aggregator.event import Place, Precision
from aggregator.place.address import parse_place
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.keys import place_key
from aggregator.place.locate import locate_place

LINES = """
707 W. Acequia Ave. Visalia, CA 93291 | Visalia | CA | US | postcode
Visalia Convention Center, 303 E Acequia Ave, Visalia, CA 93291, United States | Visalia | CA | US | postcode
Clovis City Council, 1033 Fifth Street, Clovis, CA 93612 | Clovis | CA | US | postcode
Clovis Council Chamber - 1033 Fifth Street Clovis, CA | Clovis | CA | US | town
1260 Fulton Street (2nd Floor), Fresno, CA. 93721 | Fresno | CA | US | postcode
Council Chamber, 1401 Draper Street, Kingsburg, CA 93631 | Kingsburg | CA | US | postcode
Andersonville Chamber of Commerce, 5153 N. Clark St. #228 Chicago, IL 60640 | Chicago | IL | US | postcode
City Hall, 121 N LaSalle St, Room 201A, Chicago, IL 60602 | Chicago | IL | US | postcode
James R. Thompson Center, 100 W. Randolph St., Room 16-503, Chicago, Illinois | Chicago | IL | US | town
69 W. Washington Street, Suite 3040 Chicago IL 60602 | Chicago | IL | US | postcode
Brookfield Zoo, 3300 Golf Road Brookfield, Illinois | Brookfield | IL | US | town
14630 Oak Park Avenue, Oak Forest, Illinois 60452 | Oak Forest | IL | US | postcode
School District of Philadelphia, 440 N Broad St, Philadelphia, PA 19130 | Philadelphia | PA | US | postcode
The Underground Arts, 1200 Callowhill Street, Philadelphia, PA, 19123, US | Philadelphia | PA | US | postcode
Austin Convention Center @ 500 E Cesar Chavez Street, Austin, Texas 78701 US | Austin | TX | US | postcode
Hilton Vancouver Washington @ 301 West 6th Street, Vancouver, Washington 98660 US | Vancouver | WA | US | postcode
Paddy's Bar & Grill @ 65 SW Yamhill St., Portland, Oregon US | Portland | OR | US | town
Rayburn House Office Building, 45 Independence Ave SW, Washington, DC 20515, USA | Washington | DC | US | postcode
Sierra Club National Office at 50 F St. NW, Washington, DC | Washington | DC | US | town
Council Chambers, 707 NW Wall St, Bend, OR 97703 | Bend | OR | US | postcode
Emory Conference Center Hotel, 1615 Clifton Road NE Atlanta, Georgia 30329 | Atlanta | GA | US | postcode
1701 Mountain Industrial Boulevard Stone Mountain, Georgia 30083 | Stone Mountain | GA | US | postcode
Chemung Valley Museum, 415 E. Water Street, Elmira, NY, 14901 | Elmira | NY | US | postcode
Como Park Senior High, 740 Rose Ave W, St Paul, MN 55117, USA | St Paul | MN | US | postcode
300 South 6th Street Minneapolis, MN 55487 | Minneapolis | MN | US | town
1905 W 1st StGulf Shores, AL 36547 | Gulf Shores | AL | US | town
Arches Quarters, Moab, UT 84532, USA | Moab | UT | US | town
2725 Judge Fran Jamieson Way, Bldg C, Melbourne, FL, 32940 | Melbourne | FL | US | postcode
1 Dr Carlton B Goodlett Pl, San Francisco, CA 94102 | San Francisco | CA | US | postcode
Moscone Center, 747 Howard St, San Francisco, California, USA | San Francisco | CA | US | town
City Hall, New York, NY 10007 | New York | NY | US | postcode
3 Chome, Santurce, San Juan, PR 00907 | San Juan | PR | US | town
Azrieli Studio, 1 Elgin Street, Ottawa, ON, K1P 5W1, CA | Ottawa | ON | CA | town
Toronto City Hall, 100 Queen St W, Toronto, Ontario M5H 2N2 | Toronto | ON | CA | town
Vancouver Convention Centre, 1055 Canada Pl, Vancouver, BC V6C 0C3, Canada | Vancouver | BC | CA | town
Hôtel de ville, 275 rue Notre-Dame Est, Montréal, QC H2Y 1C6 | Montréal | QC | CA | town
O2 Academy Leeds, 55 Cookridge Street, Leeds, LS2 3AW, UK | Leeds | ENG | GB | town
The Liquid Room, 9c Victoria Street, Edinburgh, EH1 2HE, UK | Edinburgh | SCT | GB | town
Great Hall, Cardiff University, Park Place, Cardiff, CF10 3QN, UK | Cardiff | WLS | GB | town
Waterfront, 139-141 King Street, Norwich, NR1 1QH, UK | Norwich | ENG | GB | town
Castlefield Basin, Manchester, UK | Manchester | ENG | GB | town
Ulster Hall, 34 Bedford Street, Belfast, BT2 7FF, United Kingdom | Belfast | NIR | GB | town
City Hall, Anglesea Street, Cork, T12 T997, Ireland | Cork | | IE | town
Mansion House, Dawson Street, Dublin 2, D02 AF30, Ireland | Dublin 2 | | IE | town
Sydney Town Hall, 483 George St, Sydney NSW 2000, Australia | Sydney | NSW | AU | town
State Library Victoria, 328 Swanston St, Melbourne VIC 3000 | Melbourne | VIC | AU | town
101 Wakefield Street, Wellington 6011, New Zealand | Wellington | WGN | NZ | town
FEZ-Berlin, Str. zum FEZ 2, 12459 Berlin, Deutschland | Berlin | | DE | town
Le Rocher De Palmer, 1 rue Aristide Briand, Cenon, 33152, France | Cenon | | FR | town
Open Air Basel, Klybeckstrasse 1b, 4057, Basel, Switzerland | Basel | | CH | town
Stockholm, Sweden | Stockholm | | SE | town
""".strip().splitlines()


@pytest.mark.parametrize("line", LINES)
def test_a_real_address_is_found_in_its_town(gazetteer: Gazetteer, line: str) -> None:
    text, town, region, country, precision = (part.strip() for part in line.split("|"))
    place, doubts = locate_place(parse_place(text), Place(), gazetteer)
    address = place.address
    assert place_key(address.address_locality or "") == place_key(town)
    assert (address.address_region or "", address.address_country) == (region, country)
    assert (place.precision, place.geo is not None, doubts) == (Precision(precision), True, ())
