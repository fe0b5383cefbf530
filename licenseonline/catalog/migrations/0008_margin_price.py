"""A price that is made of the cost is computed where the cost can be read, and only the price comes out."""

from django.db import migrations

from licenseonline.kit.roles import PLATFORM, RW

# As its owner; what it may be asked for is what the caller may see: the rules of its stores, all of them as the platform.
# Who could write such a rule could learn the cost from its price, so only the platform writes rules.
CREATE = f"""
CREATE FUNCTION catalog_margin_yen(the_rule bigint, the_price bigint) RETURNS bigint
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cost bigint;
  left_of_mille bigint;
  step bigint;
  way text;
BEGIN
  SELECT 1000 - per_mille, round_to_yen, rounding INTO left_of_mille, step, way
  FROM public.catalog_sellingrule WHERE id = the_rule AND kind = 'margin' AND (
    current_setting('role') = '{PLATFORM}'
    OR store_id = ANY (string_to_array(current_setting('app.stores', true), ',')::bigint[])
  );
  SELECT cost_yen INTO cost FROM public.catalog_cost WHERE price_id = the_price;
  step := step * left_of_mille;
  RETURN (cost * 1000 + CASE way WHEN 'up' THEN step - 1 WHEN 'nearest' THEN step / 2 ELSE 0 END) / step
    * (step / left_of_mille);
END $$;
REVOKE ALL ON FUNCTION catalog_margin_yen(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalog_margin_yen(bigint, bigint) TO {RW}, {PLATFORM};
REVOKE INSERT, UPDATE, DELETE ON catalog_sellingrule FROM {RW};
"""  # noqa: S608  (names of our own roles)


class Migration(migrations.Migration):
    """The function, and who may call it."""

    dependencies = [("catalog", "0007_prices_and_rules")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION catalog_margin_yen(bigint, bigint)")]
