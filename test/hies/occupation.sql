-- Occupations of HIES by major group of ISCO-08 (International Labour Office, 2012).
--
-- The labels are titles of its unit groups as the file spells them, quotes,
-- missing capitals and all; 7543 is the one that came as a code.  The whole list
-- is here, not major group 9 alone, so that a title nobody has seen is refused
-- instead of passing for "not elementary".

CREATE TABLE hies.occupation (
	label		text PRIMARY KEY,
	major_group	integer NOT NULL CHECK (major_group BETWEEN 0 AND 9)
);
COMMENT ON TABLE hies.occupation IS 'occupations with their major group of ISCO-08; 9: elementary occupations';

INSERT INTO hies.occupation (label, major_group)
SELECT regexp_split_to_table(g.titles, '\s*\|\s*'), g.major_group
FROM (VALUES
	-- elementary occupations
	(9, 'Building construction labourers | Civil engineering labourers |
		Cleaners and helpers in offices, hotels and other establishments | Crop farm labourers |
		Domestic cleaners and helpers | Drivers of animal-drawn vehicles and machinery |
		Elementary workers not elsewhere classified | Fast food preparers | Fishery and aquaculture labourers |
		Forestry labourers | Freight handlers | Garbage and recycling collectors |
		Garden and horticultural labourers | Hand and pedal vehicle drivers | Hand launderers and pressers |
		Hand packers | Kitchen helpers | Livestock farm labourers |
		Manufacturing labourers not elsewhere classified | Messengers, package deliverers and luggage porters |
		Meter readers and vending-machine collectors | Mining and quarrying labourers |
		Mixed crop and livestock farm labourers | Odd job persons | Other cleaning workers | Refuse sorters |
		Shelf fillers | Street and related service workers | street vendors(excluding food) |
		Sweepers and related labourers | Vehicle cleaners | Water and firewood collectors'),
	-- armed forces occupations
	(0, 'Armed forces occupations, other ranks | Commissioned armed forces officers |
		Non-commissioned armed forces officers'),
	-- managers
	(1, 'Advertising and public relations managers | Agricultural and forestry production managers |
		Aquaculture and fisheries production managers |
		Business services and administration managers not elsewhere classified | Child care services managers |
		Construction managers | Education managers | Finance managers |
		Financial and insurance services branch managers | Health services managers | Hotel managers |
		Human resource managers | Information and communications technology service managers | Legislators |
		Managing directors and chief executives | Manufacturing managers | Mining managers |
		Policy and planning managers | Professional services managers not elsewhere classified |
		Research and development managers | Restaurant managers | Retail and wholesale trade managers |
		Sales and marketing managers | Senior government officials |
		Senior officials of special-interest organizations | Services managers not elsewhere classified |
		Social welfare managers | Sports, recreation and cultural centre managers |
		Supply, distribution and related managers'),
	-- professionals
	(2, 'Accountants | Advertising and marketing professionals | Announcers on radio, television and other media |
		Applications programmers | Authors and related writers | Building architects | Cartographers and surveyors |
		Chemical engineers | Civil engineers | Computer network professionals |
		Creative and performing artists not elsewhere classified |
		Database and network professionals not elsewhere classified | Database designers and administrators |
		Dentists | Dieticians and nutritionists | Early childhood educators | Education methods specialists |
		Electrical engineers | Electronics engineers | Engineering professionals not elsewhere classified |
		Environmental and occupational health and hygiene professionals | Environmental engineers |
		Environmental protection professionals | Farming, forestry and fisheries advisers |
		Film, stage and related directors and producers | Financial analysts | Financial and investment advisers |
		Generalist medical practitioners | Graphic and multimedia designers |
		Health professionals not elsewhere classified | Industrial and production engineers |
		Information and communications technology sales professionals | Information technology trainers |
		Journalists | Lawyers | Legal professionals not elsewhere classified |
		Librarians and related information professionals | Management and organization analysts |
		Mechanical engineers | Midwifery professionals | Mining engineers, metallurgists and related professionals |
		Musicians, singers and composers | Nursing professionals | Optometrists and ophthalmic opticians |
		Other arts teachers | Other language teachers | Paramedical practitioners |
		Personnel and careers professionals | Pharmacists | Physicists and astronomers | Physiotherapists |
		Policy administration professionals | Primary school teachers | Product and garment designers |
		Public relations professionals | Religious professionals | Secondary education teachers |
		Social work and counselling professionals |
		Software and applications developers and analysts not elsewhere classified | Software developers |
		Special needs teachers | Specialist medical practitioners | Systems administrators |
		Teaching professionals not elsewhere classified | Technical and medical sales professionals |
		Telecommunications engineers | Town and traffic planners |
		Traditional and complementary medicine professionals | Training and staff development professionals |
		Translators, interpreters and other linguists | University and higher education teachers | Veterinarians |
		Vocational education teachers | Web and multimedia developers'),
	-- technicians and associate professionals
	(3, 'Accounting associate professionals | Administrative and executive secretaries | Agricultural technicians |
		Air traffic controllers | Aircraft pilots and related associate professionals | Ambulance workers |
		Broadcasting and audio-visual technicians | Business services agents not elsewhere classified | Buyers |
		Chefs | Chemical and physical science technicians | Chemical engineering technicians |
		Civil engineering technicians | Clearing and forwarding agents | Commercial sales representatives |
		Community health workers | Computer network and systems technicians | Construction supervisors |
		Credit and loans officers | Customs and border inspectors | Dental assistants and therapists |
		Dispensing opticians | Draughtspersons | Electrical engineering technicians |
		Electronics engineering technicians | Employment agents and contractors |
		Environmental and occupational health inspectors and associates | Government licensing officials |
		Government social benefits officials | Government tax and excise officials |
		Health associate professionals not elsewhere classified | Incinerator and water treatment plant operators |
		Information and communications technology operations technicians |
		Information and communications technology user support technicians | Insurance representatives |
		Interior designers and decorators | Legal secretaries | Manufacturing supervisors |
		Mechanical engineering technicians | Medical and dental prosthetic technicians |
		Medical and pathology laboratory technicians | Medical assistants |
		Medical imaging and therapeutic equipment technicians | Medical records and health information technicians |
		Medical secretaries | Midwifery associate professionals | Mining supervisors |
		Nursing associate professionals | Office supervisors | Other artistic and cultural associate professionals |
		Petroleum and natural gas refining plant operators | Pharmaceutical technicians and assistants |
		Photographers | Physical and engineering science technicians not elsewhere classified |
		Physiotherapy technicians and assistants | Police inspectors and detectives |
		Police inspectors and detectives_duplicated_3411 | Power production plant operators |
		Process control technicians not elsewhere classified | Real estate agents and property managers |
		Regulatory government associate professionals not elsewhere classified | Religious associate professionals |
		Securities and finance dealers and brokers | Ships engineers | Social work associate professionals |
		Sports coaches, instructors and officials | Statistical, mathematical and related associate professionals |
		Telecommunications engineering technicians | Trade brokers |
		Traditional and complementary medicine associate professionals | Valuers and loss assessors |
		Veterinary technicians and assistants'),
	-- clerical support workers
	(4, 'Accounting and bookkeeping clerks | Bookmakers, croupiers and related gaming workers |
		Clerical support workers not elsewhere classified | Client information workers not elsewhere classified |
		Coding, proof-reading and related clerks | Contact centre information clerks | Data entry clerks |
		Debt-collectors and related workers | Enquiry clerks | Filing and copying clerks | General office clerks |
		Hotel receptionists | Library clerks | Mail carriers and sorting clerks | Payroll clerks |
		Personnel clerks | Production clerks | Receptionists | Secretaries general |
		Statistical, finance and insurance clerks | Stock clerks | Survey and market research interviewers |
		Telephone switchboard operators | Transport clerks | Travel consultants and clerks |
		Typists and word processing operators | “Bank tellers and related clerks”'),
	-- service and sales workers
	(5, 'Bartenders | Beauticians and related workers | Building caretakers | Cashiers and ticket clerks |
		Child care workers | Cleaning and housekeeping supervisors in offices, hotels and other establishments |
		Contact centre salespersons | Cooks | Domestic housekeepers | Door to door salespersons |
		Fashion and other models | Fire-fighters | Food service counter attendants | Hairdressers |
		Health care assistants | Home-based personal care workers |
		Personal care workers in health services not elsewhere classified |
		Personal services workers not elsewhere classified | Pet groomers and animal care workers |
		Police officers | Prison guards | Protective services workers not elsewhere classified |
		Sales workers not elsewhere classified | “Sales demonstrators” | Security guards |
		Service station attendants | Shop keepers | Shop sales assistants | Shop supervisors |
		Stall and market salespersons | Street food salespersons | Teachers aides | Transport conductors |
		Travel attendants and travel stewards | Travel guides | Waiters'),
	-- skilled agricultural, forestry and fishery workers
	(6, 'Animal producers not elsewhere classified | Aquaculture workers | Deep-sea fishery workers |
		Field crop and vegetable growers | Forestry and related workers |
		Gardeners, horticultural and nursery growers | Inland and coastal waters fishery workers |
		Livestock and dairy producers | Mixed crop and animal producers | Mixed crop growers | Poultry producers |
		Subsistence crop farmers | Subsistence livestock farmers | Subsistence mixed crop and livestock farmers |
		Tree and shrub crop growers'),
	-- craft and related trades workers
	(7, '7543 | Agricultural and industrial machinery mechanics and repairers |
		Air conditioning and refrigeration mechanics | Aircraft engine mechanics and repairers |
		Bakers, pastry-cooks and confectionery makers | Bicycle and related repairers |
		Blacksmiths, hammersmiths and forging press workers | Bricklayers and related workers |
		Building and related electricians | Building frame and related trades workers not elsewhere classified |
		Building structure cleaners | Butchers, fishmongers and related food preparers |
		Cabinet-makers and related workers | Carpenters and joiners |
		Concrete placers, concrete finishers and related workers |
		Craft and related workers not elsewhere classified | Electrical line installers and repairers |
		Electrical mechanics and fitters | Electronics mechanics and servicers | Floor layers and tile setters |
		Food and beverage tasters and graders | Fruit, vegetable and related preservers |
		Garment and related pattern-makers and cutters | Glass makers, cutters, grinders and finishers | Glaziers |
		Handicraft workers in textile, leather and related materials |
		Handicraft workers in wood, basketry and related materials | Handicraft workers not elsewhere classified |
		House builders | Information and communications technology installers and servicers | Insulation workers |
		Jewellery and precious-metal workers | Metal moulders and coremakers |
		Metal polishers, wheel grinders and tool sharpeners | Metal working machine tool setters and operators |
		Motor vehicle mechanics and repairers | Musical instrument makers and tuners |
		Painters and related workers | Pelt dressers, tanners and fellmongers | Plasterers |
		Plumbers and pipe fitters | Potters and related workers | Pre-press technicians |
		Precision-instrument makers and repairers | Print finishing and binding workers | Printers |
		Riggers and cable splicers | Roofers | Sewing, embroidery and related workers | Sheet-metal workers |
		Shoemakers and related workers | Sign writers, decorative painters, engravers and etchers |
		Spray painters and varnishers | Stonemasons, stone cutters, splitters and carvers |
		Structural-metal preparers and erectors | Tailors, dressmakers, furriers and hatters |
		Tobacco preparers and tobacco products makers | Toolmakers and related workers |
		Upholsterers and related workers | Welders and flamecutters | Wood treaters |
		Woodworking-machine tool setters and operators'),
	-- plant and machine operators, and assemblers
	(8, 'Assemblers not elsewhere classified | Bleaching, dyeing and fabric cleaning machine operators |
		Bus and tram drivers | Car, taxi and van drivers |
		Cement, stone and other mineral products machine operators | Chemical products plant and machine operators |
		Crane, hoist and related plant operators | Earthmoving and related plant operators |
		Electrical and electronic equipment assemblers | Fibre preparing, spinning and winding machine operators |
		Food and related products machine operators | Fur and leather preparing machine operators |
		Glass and ceramics plant operators | Heavy truck and lorry drivers | Laundry machine operators |
		Lifting truck operators | Locomotive engine drivers | Mechanical machinery assemblers |
		Metal finishing, plating and coating machine operators | Metal processing plant operators |
		Mineral and stone processing plant operators | Mobile farm and forestry plant operators |
		Motorcycle drivers | Packing, bottling and labelling machine operators | Paper products machine operators |
		Photographic products machine operators | Plastic products machine operators |
		Pulp and papermaking plant operators | “Railway brake, signal and switch operators” |
		Rubber products machine operators | Sewing machine operators | Ships deck crews and related workers |
		Shoemaking and related machine operators | Stationary plant and machine operators not elsewhere classified |
		Steam engine and boiler operators |
		Textile, fur and leather products machine operators not elsewhere classified |
		Weaving and knitting machine operators | Well drillers and borers and related workers |
		Wood processing plant operators')
) AS g (major_group, titles);
