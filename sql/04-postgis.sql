
-- postgis: what the registry uses of it, bound when the extension is created ----
--
-- PL/pgSQL sees pg_catalog alone, and PostGIS is in a schema of the site's choice.
-- These are inlined, so that they cost nothing and still use indexes.  Every call
-- passes exactly the types it is declared with: others may create in PostGIS's
-- schema, and a better match there would be bound instead.

SELECT pg_catalog.set_config('search_path', format('pg_catalog, %s, pg_temp', e.extnamespace::regnamespace), true)
FROM pg_extension AS e WHERE e.extname = 'postgis'::name;

CREATE FUNCTION registry.st_intersects(a geometry, b geometry) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_intersects(a, b);
COMMENT ON FUNCTION registry.st_intersects(geometry, geometry) IS 'PostGIS st_intersects';

CREATE FUNCTION registry.boxes_meet(a geometry, b geometry) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN a && b;
COMMENT ON FUNCTION registry.boxes_meet(geometry, geometry) IS 'PostGIS && of bounding boxes';

CREATE FUNCTION registry.st_intersection(a geometry, b geometry) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_intersection(a, b, -1::double precision);
COMMENT ON FUNCTION registry.st_intersection(geometry, geometry) IS 'PostGIS st_intersection';

CREATE FUNCTION registry.st_union(shapes geometry[]) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_union(shapes);
COMMENT ON FUNCTION registry.st_union(geometry[]) IS 'PostGIS st_union: registry.st_union(array_agg(shape))';

CREATE FUNCTION registry.st_isempty(shape geometry) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_isempty(shape);
COMMENT ON FUNCTION registry.st_isempty(geometry) IS 'PostGIS st_isempty';

CREATE FUNCTION registry.st_isvalid(shape geometry) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_isvalid(shape);
COMMENT ON FUNCTION registry.st_isvalid(geometry) IS 'PostGIS st_isvalid';

CREATE FUNCTION registry.st_srid(shape geometry) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_srid(shape);
COMMENT ON FUNCTION registry.st_srid(geometry) IS 'PostGIS st_srid';

CREATE FUNCTION registry.st_geometrytype(shape geometry) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_geometrytype(shape);
COMMENT ON FUNCTION registry.st_geometrytype(geometry) IS 'PostGIS st_geometrytype: ST_Point, ST_MultiPolygon';

CREATE FUNCTION registry.st_transform(shape geometry, srid integer) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_transform(shape, srid);
COMMENT ON FUNCTION registry.st_transform(geometry, integer) IS 'PostGIS st_transform';

CREATE FUNCTION registry.st_x(point geometry) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_x(point);
COMMENT ON FUNCTION registry.st_x(geometry) IS 'PostGIS st_x: degrees east';

CREATE FUNCTION registry.st_y(point geometry) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_y(point);
COMMENT ON FUNCTION registry.st_y(geometry) IS 'PostGIS st_y: degrees north';

CREATE FUNCTION registry.place(lon double precision, lat double precision) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN st_setsrid(st_makepoint(lon, lat), 4326);
COMMENT ON FUNCTION registry.place(double precision, double precision) IS
	'a place by degrees east and north, WGS 84: registry.place(67.78, 26.73) is in Dadu';

CREATE FUNCTION registry.st_pointonsurface(shape geometry) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_pointonsurface(shape);
COMMENT ON FUNCTION registry.st_pointonsurface(geometry) IS 'PostGIS st_pointonsurface';

CREATE FUNCTION registry.km2(shape geometry) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_area(geography(shape), true) / 1000000::double precision;
COMMENT ON FUNCTION registry.km2(geometry) IS 'area on the spheroid, in square kilometres';

CREATE FUNCTION registry.metres(a geometry, b geometry) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_distance(geography(a), geography(b), true);
COMMENT ON FUNCTION registry.metres(geometry, geometry) IS 'distance on the spheroid, in metres, as the crow flies';

-- Polygons alone: what GeoJSON, a survey or a hand made of them.
CREATE FUNCTION registry.polygons(shape geometry) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN st_multi(st_collectionextract(st_makevalid(st_force2d(CASE st_srid(shape)
		WHEN 4326 THEN shape
		WHEN 0 THEN st_setsrid(shape, 4326)
		ELSE st_transform(shape, 4326) END)), 3));
COMMENT ON FUNCTION registry.polygons(geometry) IS
	'a shape as a valid multipolygon in WGS 84, its points and lines left out; without an SRID it is taken for WGS 84';

CREATE FUNCTION registry.polygons(geojson jsonb) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN registry.polygons(st_geomfromgeojson(geojson));
COMMENT ON FUNCTION registry.polygons(jsonb) IS 'the same of a GeoJSON geometry';

CREATE FUNCTION registry.disc(centre geometry, metres double precision) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN geometry(st_buffer(geography(centre), metres, 8));
COMMENT ON FUNCTION registry.disc(geometry, double precision) IS 'all within so many metres of a place, as a polygon';

CREATE FUNCTION registry.voronoi_cells(centres geometry[]) RETURNS SETOF geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 577
	RETURN (st_dump(st_voronoipolygons(st_collect(centres), 0::double precision, NULL::geometry))).geom;
COMMENT ON FUNCTION registry.voronoi_cells(geometry[]) IS 'for each of the centres, what lies nearer to it than to the others';

CREATE FUNCTION registry.st_geomfromgeojson(geojson jsonb) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN st_geomfromgeojson(geojson);
COMMENT ON FUNCTION registry.st_geomfromgeojson(jsonb) IS 'PostGIS st_geomfromgeojson: as it stands, not made valid';

CREATE FUNCTION registry.st_asgeojson(shape geometry, digits integer) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_asgeojson(shape, digits, 0)::jsonb;
COMMENT ON FUNCTION registry.st_asgeojson(geometry, integer) IS 'PostGIS st_asgeojson; 15 digits keep a double whole';

CREATE FUNCTION registry.bounds(shape geometry) RETURNS double precision[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY[st_xmin(box3d(shape)), st_ymin(box3d(shape)), st_xmax(box3d(shape)), st_ymax(box3d(shape))];
COMMENT ON FUNCTION registry.bounds(geometry) IS 'west, south, east and north of a shape, in its own units; NULLs where it is empty';

CREATE FUNCTION registry.st_covers(a geometry, b geometry) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_covers(a, b);
COMMENT ON FUNCTION registry.st_covers(geometry, geometry) IS 'PostGIS st_covers: no part of b is outside a';

CREATE FUNCTION registry.st_equals(a geometry, b geometry) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_equals(a, b);
COMMENT ON FUNCTION registry.st_equals(geometry, geometry) IS 'PostGIS st_equals: the same points, however they are written';

CREATE FUNCTION registry.st_subdivide(shape geometry, vertices integer) RETURNS SETOF geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT s.piece FROM st_subdivide(shape, vertices, -1::double precision) AS s (piece);
END;
COMMENT ON FUNCTION registry.st_subdivide(geometry, integer) IS 'PostGIS st_subdivide: pieces of at most so many vertices each';

-- Wide enough for every boundary in use; swapped or projected coordinates are outside.
-- Not STRICT, so that it is inlined; it is NULL of NULL all the same.
CREATE FUNCTION registry.in_pakistan(shape geometry) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN st_xmin(box3d(shape)) >= 60::double precision AND st_xmax(box3d(shape)) <= 78.5::double precision
		AND st_ymin(box3d(shape)) >= 23::double precision AND st_ymax(box3d(shape)) <= 37.5::double precision;
COMMENT ON FUNCTION registry.in_pakistan(geometry) IS
	'whether all of a shape lies from 60 to 78.5 degrees east and 23 to 37.5 north; NULL where it is empty';

CREATE FUNCTION registry.st_force2d(shape geometry) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_force2d(shape);
COMMENT ON FUNCTION registry.st_force2d(geometry) IS 'PostGIS st_force2d: without heights';

CREATE FUNCTION registry.box(west double precision, south double precision, east double precision, north double precision) RETURNS geometry
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN st_makeenvelope(west, south, east, north, 4326);
COMMENT ON FUNCTION registry.box(double precision, double precision, double precision, double precision) IS
	'PostGIS st_makeenvelope: a box between degrees east and north, WGS 84';

CREATE FUNCTION registry.st_perimeter(shape geometry) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN st_perimeter(shape);
COMMENT ON FUNCTION registry.st_perimeter(geometry) IS
	'PostGIS st_perimeter of polygons, in the shape''s own units; NaN or infinite where a corner of them is';

-- Web Mercator keeps shapes; the view box has y down, as the path has.
CREATE FUNCTION registry.outline(shape geometry, metres double precision) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN st_assvg(st_simplifypreservetopology(st_transform(shape, 3857), metres), 1, 0);
COMMENT ON FUNCTION registry.outline(geometry, double precision) IS
	'a shape as path data of SVG, in metres of Web Mercator (EPSG:3857), without bends of less than so many metres';

CREATE FUNCTION registry.view_box(shape geometry) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN floor(st_xmin(box3d(st_transform(shape, 3857))))::text || ' '::text || floor(-st_ymax(box3d(st_transform(shape, 3857))))::text || ' '::text
		|| ceil(st_xmax(box3d(st_transform(shape, 3857))) - st_xmin(box3d(st_transform(shape, 3857))))::text || ' '::text
		|| ceil(st_ymax(box3d(st_transform(shape, 3857))) - st_ymin(box3d(st_transform(shape, 3857))))::text;
COMMENT ON FUNCTION registry.view_box(geometry) IS
	'the box of registry.outline() as an SVG view box: left, top, width and height; NULL where the shape is empty';

-- An aggregate is not inlined, and for a row of no type any st_asmvt(record, ...) would match better.
CREATE AGGREGATE registry.st_asmvt(anyelement, text, integer, text) (
	SFUNC = pgis_asmvt_transfn, STYPE = internal, FINALFUNC = pgis_asmvt_finalfn, FINALFUNC_MODIFY = READ_WRITE,
	COMBINEFUNC = pgis_asmvt_combinefn, SERIALFUNC = pgis_asmvt_serialfn, DESERIALFUNC = pgis_asmvt_deserialfn, PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.st_asmvt(anyelement, text, integer, text) IS
	'PostGIS st_asmvt: rows as a layer of a vector tile, of a name, so many units wide, with its shape in a column';

SET LOCAL search_path = pg_catalog, pg_temp;
